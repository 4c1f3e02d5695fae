/** Says what went wrong, where, and how to mend it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";

  constructor(what: string, output = "") {
    const reason = reasons.find(([pattern]) => pattern.test(output))?.[1];
    const lines = output.trim() === "" ? [] : output.trim().split("\n").slice(-OUTPUT_LINES_MAX);
    super(
      [
        `Embedded PostgreSQL: ${what}${reason ? `: ${reason}` : ""}.`,
        ...lines.map((line) => `  | ${line}`),
        "To use a server of your own, set DATABASE_URL.",
      ].join("\n"),
    );
  }
}

const OUTPUT_LINES_MAX = 6;

/** What PostgreSQL prints is for those who know it. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/shared librar|Library not loaded/, "a library is missing from node_modules; run npm ci"],
  [/ENOENT/, "its program can't run on this system (Alpine's musl?)"],
  [/No space left/, "the disk is full"],
  [/Permission denied|EACCES/, "the user it runs as may not use its folder"],
  [/effective user ID/, "the user it runs as has no entry in /etc/passwd"],
  [/not compatible with this version/, "the data was written by another major version of PostgreSQL"],
  [/checkpoint record|PANIC|pg_control/, "the data is damaged; restore a backup"],
  [/shared memory block/, "processes of a crashed server are still alive"],
];

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
