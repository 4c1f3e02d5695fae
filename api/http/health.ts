/** `live`: the process answers. `ready`: Postgres answers, and what is recorded comes to be shown. */
import { Router } from "express";
import { progress } from "../../read-models/progress.ts";
import type { Book } from "../book.ts";

export const health = ({ pool, name, projecting, mend }: Book): Router =>
  Router()
    .get("/live", (_request, response) => void response.json({ status: "live" }))
    .get("/ready", async (_request, response) => {
      const now = projecting?.value ?? { state: "standby" as const };
      const stands = await progress(pool, name).catch((error: unknown) => {
        mend(error);
        return undefined;
      });
      const caughtUp = now.state !== "projecting" || now.caughtUp;
      const broken = now.state === "stopped" || now.state === "retrying";
      const ready = stands !== undefined && caughtUp && !broken;
      response.status(ready ? 200 : 503).json({
        status: ready ? "ready" : "not ready",
        projector: now.state,
        ...("reason" in now ? { reason: now.reason } : {}),
        ...(stands
          ? { seq: `${stands.seq}`, position: `${stands.position}` }
          : { reason: "Postgres is silent" }),
      });
    });
