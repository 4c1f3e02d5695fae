/** Where a book's tables lie (DESIGN §3). Books share a Postgres, with each other and with other programs. */

/** `[a-z][a-z0-9_]{0,30}`; part of every stream's name and of every schema's. */
export const isBook = (name: string): boolean => /^[a-z][a-z0-9_]{0,30}$/.test(name);

/** Trail, checkpoint and pointer. */
export const bookSchema = (book: string): string => `book_${book}`;

/** One set of read models; a rebuild fills another beside it. */
export const generationSchema = (book: string, generation: number): string => `book_${book}$${generation}`;

/** As SQL. Book names hold nothing to escape. */
export const quoted = (schema: string): string => `"${schema}"`;
