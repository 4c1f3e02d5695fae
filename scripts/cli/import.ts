import { basename } from "node:path";
import { type Command, Option } from "commander";
import { z } from "zod";
import { id, scale, words } from "../../api/edge/schemas.ts";
import { importMovements } from "../../api/import/import-movements.ts";
import { KINDS } from "../../api/import/line-forms.ts";
import { COLUMNS } from "../../api/import/movement-line.ts";
import { progressBar } from "./progress.ts";
import { Complaint, complaints, run, withBook } from "./run.ts";

const BAD_LINES_SHOWN = 1_000;

const sent = z.object({
  source: words.optional(),
  actor: words.default("import"),
  map: z.partialRecord(z.enum(COLUMNS), z.string().min(1)).default({}),
  dryRun: z.boolean().default(false),
  register: z.boolean().default(false),
  unit: words.default("piece"),
  quantityScale: z.coerce.number().pipe(scale).optional(),
  costBy: z.enum(["fifo", "lot"]).optional(),
  json: z.boolean().default(false),
});

/** `item=ProductKey,date=Day`, once or several times. */
function mapping(text: string, before: Record<string, string> = {}): Record<string, string> {
  const pairs = text.split(",").map((pair) => {
    const [column = "", ...header] = pair.split("=");
    return [column.trim(), header.join("=").trim()];
  });
  return { ...before, ...Object.fromEntries(pairs) };
}

export function registerImport(program: Command): void {
  program
    .command("import")
    .description("Bring in a file.")
    .command("movements")
    .argument("<file>", `CSV: ${COLUMNS.join(",")}; kinds: ${KINDS.join(", ")}`)
    .description("Import stock movements. Run again, it doubles nothing.")
    .addOption(new Option("--source <name>", "names the file for good; default: its name"))
    .addOption(new Option("--map <column=header,...>", "where the file's headers differ").argParser(mapping))
    .addOption(new Option("--register", "register unknown items"))
    .addOption(new Option("--unit <unit>", "of items registered; default piece"))
    .addOption(
      new Option("--quantity-scale <decimals>", "of items registered; default: what their lines need"),
    )
    .addOption(
      new Option(
        "--cost-by <fifo|lot>",
        "of items registered; default: lot where their first line has one and none has several",
      ),
    )
    .addOption(new Option("--actor <name>", "who imports; default import"))
    .addOption(new Option("--dry-run", "check every line, write nothing"))
    .addOption(new Option("--json", "print JSON lines"))
    .action(run(importFile));
}

async function importFile(file: string, options: unknown): Promise<number> {
  const { data, error } = sent.safeParse(options);
  if (!data) throw new Complaint(complaints(error));
  const { source = basename(file), actor, map, dryRun, register, unit, quantityScale, costBy, json } = data;
  if (!id.or(words).safeParse(source).success) throw new Complaint("--source: up to 200 characters");
  const chosen = {
    unit,
    ...(quantityScale === undefined ? {} : { quantityScale }),
    ...(costBy ? { costBy } : {}),
  };

  return withBook({ projects: false }, async (book) => {
    const company = await book.company();
    if (!company) throw new Complaint("the book has no company yet: `perpetual record company` comes first");
    const bar = progressBar();
    let shown = 0;
    const say = (what: object, text: string) => {
      shown += 1;
      if (json) console.log(JSON.stringify(what));
      else if (shown <= BAD_LINES_SHOWN) console.log(text);
    };
    const done = await importMovements(
      book,
      company,
      { file, source, actor, mapping: map, dryRun, register: register ? chosen : undefined },
      {
        onBad: (bad) =>
          say(
            bad,
            `line ${bad.line}: ${bad.wrong.map(({ column, detail }) => `${column}: ${detail}`).join("; ")}`,
          ),
        onRefused: ({ line, refusal }) => {
          const { name, ...facts } = refusal;
          say({ line, refusal }, `line ${line}: ${name} ${JSON.stringify(facts)}`);
        },
        onProgress: (phase, lines) => bar.show(phase, lines),
      },
    ).finally(bar.end);
    const { lines, bad, registered, written, refused } = done;
    const unshown = shown > BAD_LINES_SHOWN && !json ? ` (${shown - BAD_LINES_SHOWN} not shown)` : "";
    const sum = `${lines} lines: ${bad} bad, ${registered} items registered, ${written} written, ${refused} refused`;
    console.log(json ? JSON.stringify({ lines, bad, registered, written, refused }) : `${sum}${unshown}`);
    if (bad > 0) return 1;
    if (refused > 0) return written + registered > 0 ? 2 : 1;
    return 0;
  });
}
