/** Imports a file into a new book, as `perpetual import movements --register` does, and says when each part was done. */
import { openBook } from "../../api/book.ts";
import { companyStream } from "../../api/company.ts";
import { readConfig } from "../../api/config.ts";
import { importMovements } from "../../api/import/import-movements.ts";
import { answer } from "./worker.ts";
import { VALUE_SCALE } from "./workload.ts";

const report = (error: unknown): void => console.error(error);

const jobs = {
  /** Seconds until the file was checked, the items were registered, all was acknowledged; and the events of the book. */
  async import({ book: name, file }: Readonly<{ book: string; file: string }>) {
    const book = await openBook({ ...readConfig(process.env), book: name }, { report, projects: false });
    try {
      await book.companies.handle({
        stream: companyStream(name),
        commandId: "founding",
        commandHash: "founding",
        actor: "bench",
        command: {
          type: "FoundCompany",
          data: {
            company: name,
            name,
            baseCurrency: "EUR",
            valueScale: VALUE_SCALE,
            timeZone: "Europe/Berlin",
            fiscalYearStart: "01-01",
          },
        },
      });
      const company = await book.company();
      if (!company) throw new Error("the company could not be founded");
      const start = performance.now();
      const at: Partial<Record<"registering" | "writing", number>> = {};
      const items: typeof book.items = {
        ...book.items,
        handle(request) {
          at[request.command.type === "RegisterItem" ? "registering" : "writing"] ??= performance.now();
          return book.items.handle(request);
        },
      };
      const register = { unit: "piece" };
      const options = { file, source: "bench", actor: "bench", mapping: {}, dryRun: false, register };
      const fail = (line: unknown) => {
        throw new Error(`a line of the workload is refused: ${JSON.stringify(line)}`);
      };
      const done = await importMovements({ ...book, items }, company, options, {
        onBad: fail,
        onRefused: fail,
        onProgress: () => {},
      });
      const end = performance.now();
      const { registering = end, writing = end } = at;
      const since = (moment: number) => (moment - start) / 1_000;
      const events = 1 + done.registered + done.written;
      return { checked: since(registering), registered: since(writing), written: since(end), events };
    } finally {
      await book.close();
    }
  },
};

export type Importer = typeof jobs;
answer(jobs);
