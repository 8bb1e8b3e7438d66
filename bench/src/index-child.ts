// Started by the index suite with a process of its own: measures one side and prints what it found as JSON.
import { measureBinnacle } from "./index-binnacle.ts";
import type { SideFigures, SideInput } from "./index-figures.ts";

const [side, folder = "", warmUpFolder = "", dataFolder = "", extent] = process.argv.slice(2);
const input: SideInput = { folder, warmUpFolder, dataFolder, withChanges: extent === "with-changes" };
// The peer is loaded only where it is measured, or it would weigh on our memory.
const measure = async (): Promise<SideFigures> =>
  side === "binnacle"
    ? measureBinnacle(input)
    : (await import("./index-langchain.ts")).measureLangchain(input);
console.log(JSON.stringify(await measure()));
