/** What the story says of a movement. */

export const receipt = (
  effectiveDate: string,
  quantity: string,
  value: string,
  reference: string,
  location = "main",
) => ({ effectiveDate, quantity, value, reference, location });

export const issue = (
  effectiveDate: string,
  quantity: string,
  purpose: string,
  reference: string,
  location = "main",
) => ({ effectiveDate, quantity, purpose, reference, location });
