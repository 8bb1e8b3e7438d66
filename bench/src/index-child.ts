// Started by the index suite in its own process. Measures one side and prints the figures as JSON.
import { measureBinnacle } from "./index-binnacle.ts";
import type { SideFigures, SideInput } from "./index-figures.ts";

const [side, folder = "", warmUpFolder = "", dataFolder = "", extent] = process.argv.slice(2);
const input: SideInput = { folder, warmUpFolder, dataFolder, withChanges: extent === "with-changes" };
// The peer is loaded only to be measured, so that it does not count in our memory.
const measure = async (): Promise<SideFigures> =>
  side === "binnacle"
    ? measureBinnacle(input)
    : (await import("./index-langchain.ts")).measureLangchain(input);
console.log(JSON.stringify(await measure()));
