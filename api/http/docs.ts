/** The description as a page that works offline: swagger-ui from the package, no script of our own inline. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import express, { Router } from "express";

const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Perpetual: the API</title>
<link rel="stylesheet" href="swagger-ui.css">
<div id="ui"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</html>
`;
const start = `SwaggerUIBundle({ url: "../openapi.json", dom_id: "#ui", validatorUrl: null });\n`;

export const docs = (): Router =>
  Router()
    .get("/", (request, response) => {
      if (request.originalUrl.endsWith("/")) response.type("html").send(page);
      else response.redirect(301, "docs/");
    })
    .get("/start.js", (_request, response) => void response.type("js").send(start))
    .use(express.static(folder, { index: false }));
