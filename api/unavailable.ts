/** Whether an error says that Postgres or the log can't be reached now, and not that the program is wrong. */

/** Of the socket, and Postgres's classes 08 (connection), 53 (resources), 57 (shut down, cancelled), 58 (system). */
const codes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|08\w{3}|53\w{3}|57\w{3}|58\w{3})$/;
/** The driver and the client say these without a code. */
const words = /terminat|timeout|not queryable|ended|unavailable|deadline|cancelled|ECONN/i;

export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === "string") return codes.test(code);
  if (error instanceof AggregateError) return error.errors.every(isUnavailable);
  return words.test(error.message);
}
