/** Sends what belongs to one stream in order, also when the log does not answer for a while. */

const TRIES = 8;
const BACK_OFF_FIRST_MS = 100;
const BACK_OFF_MAX_MS = 5_000;
/** No more than a stream's turn decides together: of two turns the second may pass where the first had no answer. */
const TOGETHER_MAX = 500;

/** The log, or the database, did not answer for as long as we try. Nothing is lost: the import can be run again. */
export class GaveUp extends Error {}

type Waiting<Request, Outcome> = Readonly<{
  request: Request;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}>;

/** What waits on a stream is sent together; what is unavailable goes again before anything later does. */
export function inOrder<Request, Outcome extends { status: string }>(
  send: (request: Request) => Promise<Outcome>,
): (stream: string, request: Request) => Promise<Outcome> {
  const queues = new Map<string, Waiting<Request, Outcome>[]>();
  /** Where something was given up, nothing later may pass. */
  const broken = new Map<string, unknown>();

  async function run(stream: string, queue: Waiting<Request, Outcome>[]): Promise<void> {
    await new Promise(setImmediate); // the rest of the window comes in the same turn
    const next = () => queue.splice(0, TOGETHER_MAX);
    for (let together = next(); together.length > 0; together = next()) {
      try {
        if (broken.has(stream)) throw broken.get(stream);
        await all(together);
      } catch (error) {
        broken.set(stream, error);
        for (const { reject } of together) reject(error); // of those that are resolved, nothing changes
      }
    }
    queues.delete(stream);
  }

  async function all(together: readonly Waiting<Request, Outcome>[]): Promise<void> {
    let open = together;
    for (let tried = 1; ; tried++) {
      const outcomes = await Promise.all(open.map(({ request }) => send(request)));
      for (const [index, { resolve }] of open.entries()) {
        const outcome = outcomes[index];
        if (outcome && outcome.status !== "unavailable") resolve(outcome);
      }
      open = open.filter((_waiting, index) => outcomes[index]?.status === "unavailable");
      if (open.length === 0) return;
      if (tried === TRIES) throw new GaveUp("the log did not answer; run the import again when it does");
      await new Promise((resolve) =>
        setTimeout(resolve, Math.min(BACK_OFF_FIRST_MS * 2 ** tried, BACK_OFF_MAX_MS)),
      );
    }
  }

  return (stream, request) =>
    new Promise((resolve, reject) => {
      const waiting = { request, resolve, reject };
      const queue = queues.get(stream);
      if (queue) queue.push(waiting);
      else {
        const started = [waiting];
        queues.set(stream, started);
        void run(stream, started);
      }
    });
}
