/** A few connections that read, one question each at a time. One that was lost is opened again when it is needed. */
import type { Session } from "../../../read-models/database.ts";
import { openPlanned } from "./session.ts";

export interface Readers {
  query<Row extends object>(text: string, values: readonly unknown[], name: string): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export function openReaders(databaseUrl: string, count: number, report: (what: string) => void): Readers {
  const open = new Map<number, Promise<Session>>();
  const idle = Array.from({ length: count }, (_, place) => place);
  const waiting: ((place: number) => void)[] = [];

  function opening(place: number): Promise<Session> {
    const forget = (): void => {
      if (open.get(place) === session) open.delete(place);
    };
    const onLost = (error: Error): void => {
      report(`a reading connection was lost: ${error.message}`);
      forget();
    };
    const session = openPlanned(databaseUrl, onLost);
    session.catch(forget);
    open.set(place, session);
    return session;
  }

  function giveBack(place: number): void {
    const next = waiting.shift();
    if (next) next(place);
    else idle.push(place);
  }

  return {
    async query(text, values, name) {
      const place = idle.pop() ?? (await new Promise<number>((resolve) => waiting.push(resolve)));
      try {
        const session = await (open.get(place) ?? opening(place));
        return await session.query(text, values, name);
      } finally {
        giveBack(place);
      }
    },
    async close() {
      for (const session of await Promise.allSettled(open.values()))
        if (session.status === "fulfilled") await session.value.close();
    },
  };
}
