import fc from "fast-check";
import { expect, test } from "vitest";
import { turns } from "../../../api/commands/turns.ts";

/** Work that ends when the test says so. */
function held() {
  const begun: {
    stream: string;
    requests: readonly string[];
    end: () => void;
    fail: (error: Error) => void;
  }[] = [];
  const inTurn = turns<string, string>(
    (stream, requests) =>
      new Promise((resolve, reject) =>
        begun.push({ stream, requests, end: () => resolve(requests.map((r) => `${r}!`)), fail: reject }),
      ),
  );
  const soon = () => new Promise(setImmediate);
  return { begun, inTurn, soon };
}

test("what is sent at once is dealt with together, in order, and so is what comes meanwhile", async () => {
  const { begun, inTurn, soon } = held();
  const sent = (...ids: readonly string[]) => ids.map((id) => inTurn("s", id, id));
  const answers = sent("a", "b");
  await soon();
  expect(begun.map(({ requests }) => requests)).toEqual([["a", "b"]]);
  answers.push(...sent("c"));
  await soon();
  answers.push(...sent("d", "e"));
  begun[0]?.end();
  await soon();
  expect(begun.map(({ requests }) => requests)).toEqual([
    ["a", "b"],
    ["c", "d", "e"],
  ]);
  begun[1]?.end();
  expect(await Promise.all(answers)).toEqual(["a!", "b!", "c!", "d!", "e!"]);
  void inTurn("s", "f", "f");
  await soon();
  expect(begun.length).toBe(3);
});

test("streams don't wait for each other", async () => {
  const { begun, inTurn, soon } = held();
  void inTurn("s", "a", "a");
  void inTurn("t", "a", "a");
  await soon();
  expect(begun.map(({ stream }) => stream)).toEqual(["s", "t"]);
});

test("of two with one id, the second waits for the first's outcome", async () => {
  const { begun, inTurn, soon } = held();
  const answers = ["a", "b", "b", "c", "b"].map((id, n) => inTurn("s", id, `${id}${n}`));
  for (let index = 0; index < 3; index += 1) {
    await soon();
    begun[index]?.end();
  }
  expect(begun.map(({ requests }) => requests)).toEqual([["a0", "b1"], ["b2", "c3"], ["b4"]]);
  expect(await Promise.all(answers)).toEqual(["a0!", "b1!", "b2!", "c3!", "b4!"]);
});

test("work that fails fails those that it was for, and the next are dealt with", async () => {
  const { begun, inTurn, soon } = held();
  const failed = [inTurn("s", "a", "a"), inTurn("s", "b", "b")];
  await soon();
  const second = inTurn("s", "c", "c");
  begun[0]?.fail(new Error("broken"));
  for (const each of failed) await expect(each).rejects.toThrow("broken");
  await soon();
  begun[1]?.end();
  expect(await second).toBe("c!");
});

test("what is alone meets no request, and its failure is its own", async () => {
  const { begun, inTurn, soon } = held();
  const log: string[] = [];
  let release = () => {};
  const answers = [inTurn("s", "a", "a")];
  await soon();
  answers.push(inTurn("s", "b", "b"));
  const alone = inTurn.alone("s", async () => {
    log.push(`alone after ${begun.length}`);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return 7;
  });
  const failing = inTurn.alone("s", async () => {
    throw new Error("alone and broken");
  });
  answers.push(inTurn("s", "c", "c"));
  const failed = expect(failing).rejects.toThrow("alone and broken");
  begun[0]?.end();
  await soon();
  expect(log).toEqual([]);
  begun[1]?.end();
  await soon();
  expect(log).toEqual(["alone after 2"]);
  expect(begun.length).toBe(2);
  release();
  expect(await alone).toBe(7);
  await failed;
  await soon();
  expect(begun[2]?.requests).toEqual(["c"]);
  begun[2]?.end();
  expect(await Promise.all(answers)).toEqual(["a!", "b!", "c!"]);
});

test("no more than five hundred are dealt with together", async () => {
  const sizes: number[] = [];
  const inTurn = turns<number, number>(async (_stream, requests) => {
    sizes.push(requests.length);
    await new Promise(setImmediate);
    return requests;
  });
  const sent = Array.from({ length: 1_202 }, (_, n) => inTurn("s", `${n}`, n));
  expect(await Promise.all(sent)).toEqual(Array.from({ length: 1_202 }, (_, n) => n));
  expect(sizes).toEqual([500, 500, 202]);
});

type Job = Readonly<{ stream: string; id: string; alone: boolean; ticks: number }>;
const job: fc.Arbitrary<Job> = fc.record({
  stream: fc.constantFrom("s", "t"),
  id: fc.constantFrom("a", "b", "c", "d"),
  alone: fc.nat(5).map((n) => n === 0),
  ticks: fc.nat(2),
});

test("each is dealt with once, in the order of its stream, never two at once, never two of one id", () =>
  fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 30 }), async (jobs) => {
      const dealt = new Map<string, number[]>([
        ["s", []],
        ["t", []],
      ]);
      const busy = new Set<string>();
      const enter = (stream: string, numbers: readonly number[]) => {
        expect(busy.has(stream)).toBe(false);
        busy.add(stream);
        dealt.get(stream)?.push(...numbers);
      };
      const inTurn = turns<number, number>(async (stream, requests) => {
        enter(stream, requests);
        const ids = requests.map((n) => jobs[n]?.id);
        expect(new Set(ids).size).toBe(ids.length);
        await new Promise(setImmediate);
        busy.delete(stream);
        return requests.map((n) => n * 2);
      });
      const sent: Promise<number>[] = [];
      for (const [n, { stream, id, alone, ticks }] of jobs.entries()) {
        const work = async () => {
          enter(stream, [n]);
          await new Promise(setImmediate);
          busy.delete(stream);
          return n * 2;
        };
        sent.push(alone ? inTurn.alone(stream, work) : inTurn(stream, id, n));
        for (let tick = 0; tick < ticks; tick += 1) await new Promise(setImmediate);
      }
      expect(await Promise.all(sent)).toEqual(jobs.map((_, n) => n * 2));
      for (const [stream, numbers] of dealt)
        expect(numbers).toEqual(jobs.flatMap((each, n) => (each.stream === stream ? [n] : [])));
    }),
    { numRuns: 1_000 },
  ));
