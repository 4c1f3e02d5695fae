import { catchUp } from "../../api/catch-up.ts";
import { verify } from "../../api/verify/verify.ts";
import { progressBar } from "./progress.ts";
import { withBook } from "./run.ts";

export const verifyBook = ({ json }: Readonly<{ json?: boolean }>): Promise<number> =>
  withBook({ projects: true }, async (book) => {
    await catchUp(book);
    const bar = progressBar();
    const checks = await verify(book, (compared) => bar.show("events compared", compared)).finally(bar.end);
    const ok = checks.every(({ difference }) => difference === undefined);
    if (json) console.log(JSON.stringify({ ok, checks }));
    else
      for (const { name, compared, difference } of checks)
        console.log(
          `${difference === undefined ? "ok  " : "FAIL"} ${name} (${compared})${difference ? `: ${difference}` : ""}`,
        );
    return ok ? 0 : 1;
  });
