/** Rows as CSV: a header, then a line each. What is not a number is kept from being a spreadsheet's formula. */
import { stringify } from "csv-stringify/sync";

const number = /^-?\d+(\.\d+)?$/;
const formula = /^[=+\-@\t\r]/;

export const csvOf = (rows: readonly object[]): string =>
  stringify([...rows], {
    header: true,
    cast: {
      string: (text) => (formula.test(text) && !number.test(text) ? `'${text}` : text),
      object: (value) => JSON.stringify(value),
      boolean: String,
    },
  });
