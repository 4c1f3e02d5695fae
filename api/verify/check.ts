/** `difference`: the first one found; undefined where there is none. */
export type Check = Readonly<{ name: string; compared: number; difference: string | undefined }>;
