// Typed by what openapi-typescript makes of the document (api.d.ts): compiles only while the document says what a quote takes and gives.
import type { components, operations } from "./api.js";

type QuoteCart = operations["quoteCart"];
type Quote = QuoteCart["responses"][200]["content"]["application/json"];
type Problem = QuoteCart["responses"][400]["content"]["application/problem+json"];

const [address, key] = process.argv.slice(2);

async function quote(body: components["schemas"]["QuoteInput"]): Promise<Quote> {
  const answer = await fetch(`${address}/api/v1/offers/quote`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.ok) return await answer.json() as Quote;
  const problem = await answer.json() as Problem;
  throw new Error(`${problem.code}: ${Object.keys(problem.errors ?? {}).join()}`);
}

const line = { id: "1", sku: "S-1", categories: ["shoes"], quantity: 2, unitPrice: 60 };
const priced = await quote({ cart: { currency: "CNY", lines: [line] }, explain: "shopper", include: ["units"] });
const units: number[] = priced.lines.flatMap(l => l.discounts).flatMap(d => d.unitAmounts ?? []);
const off: number = units.reduce((sum, amount) => sum + amount, 0);
console.log(`${priced.currency} ${priced.total.toFixed(2)}, ${off.toFixed(2)} off`);
await quote({ cart: { currency: "CNY", lines: [{ ...line, quantity: 0 }] } }).catch((refused: Error) => console.log(refused.message));
