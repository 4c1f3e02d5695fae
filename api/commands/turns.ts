/** Commands on one stream take turns in this process; those that wait are dealt with together. */

const TOGETHER_MAX = 500;

type Waiting<Request, Outcome> = Readonly<{
  id: string;
  request: Request;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}>;
type Job<Request, Outcome> = Waiting<Request, Outcome> | Readonly<{ alone: () => Promise<void> }>;

export interface Turns<Request, Outcome> {
  (stream: string, id: string, request: Request): Promise<Outcome>;
  /** Something else that must not meet a command on the stream. */
  alone<T>(stream: string, work: () => Promise<T>): Promise<T>;
}

/** `work` gets requests with distinct ids; of two with the same id the second waits for the first's outcome. */
export function turns<Request, Outcome>(
  work: (stream: string, requests: readonly Request[]) => Promise<readonly Outcome[]>,
): Turns<Request, Outcome> {
  const queues = new Map<string, Job<Request, Outcome>[]>();

  function enqueue(stream: string, job: Job<Request, Outcome>): void {
    const queue = queues.get(stream);
    if (queue) queue.push(job);
    else {
      const started = [job];
      queues.set(stream, started);
      void run(stream, started);
    }
  }

  async function run(stream: string, queue: Job<Request, Outcome>[]): Promise<void> {
    // What is sent at once goes together from the first: were one ahead alone, and lost, the others would pass it.
    await Promise.resolve();
    for (let next = takeTogether(queue); next.length > 0; next = takeTogether(queue)) {
      const [job] = next;
      if (job && "alone" in job) await job.alone();
      else await decide(stream, next as Waiting<Request, Outcome>[]);
    }
    queues.delete(stream);
  }

  async function decide(stream: string, waiting: readonly Waiting<Request, Outcome>[]): Promise<void> {
    try {
      const outcomes = await work(
        stream,
        waiting.map(({ request }) => request),
      );
      for (const [index, { resolve }] of waiting.entries()) resolve(outcomes[index] as Outcome);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  return Object.assign(
    (stream: string, id: string, request: Request) =>
      new Promise<Outcome>((resolve, reject) => enqueue(stream, { id, request, resolve, reject })),
    {
      alone: <T>(stream: string, job: () => Promise<T>) =>
        new Promise<T>((resolve, reject) => enqueue(stream, { alone: () => job().then(resolve, reject) })),
    },
  );
}

/** From the head of the queue: one that is alone, or requests up to the next id that is there already. */
function takeTogether<Request, Outcome>(queue: Job<Request, Outcome>[]): Job<Request, Outcome>[] {
  const ids = new Set<string>();
  let count = 0;
  for (const job of queue) {
    if ("alone" in job) return queue.splice(0, Math.max(count, 1));
    if (ids.has(job.id) || count === TOGETHER_MAX) break;
    ids.add(job.id);
    count += 1;
  }
  return queue.splice(0, count);
}
