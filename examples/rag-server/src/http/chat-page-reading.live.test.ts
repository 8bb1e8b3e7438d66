import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { z } from "zod";
import { answerLongerThan, type ChatPageOptions } from "../testing/chat-page.ts";
import { askOnPage, useChatPages } from "../testing/use-chat-pages.ts";

const { missing, because, open: openPage } = useChatPages();
// No line is repeated, because repetition ends an answer.
const long = Array.from(
  { length: 26 },
  (_, index) =>
    `Host number ${index * 37} is saved ${index} minutes past two, as page ${index * index} says [1].`,
).join("\n\n");
const markdown =
  "**Bold** words, `code` and a list [1]:\n\n1. one\n2. two\n\n```sh\nbackup restore\n```\n\n<b>no tag</b>";

async function open(options: ChatPageOptions): Promise<Page> {
  return (await openPage(options)).page;
}

const positions = z.object({
  scroll: z.number(),
  bottom: z.number(),
  formTop: z.number(),
  length: z.number(),
});

/** Measures in window pixels where the newest answer ends and where the form begins. */
async function measure(page: Page): Promise<z.output<typeof positions>> {
  return positions.parse(
    await page.evaluate(`({
      scroll: document.scrollingElement.scrollTop,
      bottom: [...document.querySelectorAll(".answer")].at(-1).getBoundingClientRect().bottom,
      formTop: document.querySelector("#ask").getBoundingClientRect().top,
      length: [...document.querySelectorAll(".answer")].at(-1).textContent.length,
    })`),
  );
}

const finished = (page: Page): Promise<void> =>
  page.locator(".turn:last-child .sources summary").first().waitFor({ state: "attached" });

test.skipIf(missing !== undefined)(
  `keeps the newest line above the form while the answer is written (T3)${because}`,
  async () => {
    const page = await open({ reply: long, everyMs: 5 });
    await askOnPage(page, "When are backups taken?");
    for (let length = 600; length < 1700; length += 100) {
      await answerLongerThan(page, length);
      const { bottom, formTop } = await measure(page);
      expect(bottom).toBeLessThanOrEqual(formTop);
    }
    expect((await measure(page)).scroll).toBeGreaterThan(100);
    await finished(page);
    await page.locator(".sources summary").first().focus();
    const source = await page.locator(".sources summary").first().boundingBox();
    expect((source?.y ?? 0) + (source?.height ?? 0)).toBeLessThanOrEqual((await measure(page)).formTop);
  },
);

test.skipIf(missing !== undefined)(
  `stays in place for a reader who scrolled up, and follows again from the end (T3)${because}`,
  async () => {
    const page = await open({ reply: long, everyMs: 30 });
    await askOnPage(page, "When are backups taken?");
    await answerLongerThan(page, 1100);
    await page.mouse.move(600, 300);
    await page.mouse.wheel(0, -120);
    await page.waitForTimeout(300);
    const left = await measure(page);
    await answerLongerThan(page, left.length + 200);
    const later = await measure(page);
    expect(later.scroll).toBe(left.scroll);
    expect(later.bottom).toBeGreaterThan(left.bottom);

    await page.keyboard.type("next"); // the form must not scroll the page either
    expect((await measure(page)).scroll).toBe(left.scroll);
    await page.mouse.wheel(0, 5000);
    await page.waitForTimeout(300);
    await answerLongerThan(page, (await measure(page)).length + 100);
    const { bottom, formTop } = await measure(page);
    expect(bottom).toBeLessThanOrEqual(formTop);
    await finished(page);
  },
);

test.skipIf(missing !== undefined)(
  `renders Markdown, and citations open their source (T3)${because}`,
  async () => {
    const page = await open({ reply: markdown, everyMs: 1 });
    await askOnPage(page, "When are backups taken?");
    await finished(page);
    const answer = page.locator(".answer");
    expect(await answer.locator("strong").allTextContents()).toEqual(["Bold"]);
    expect(await answer.locator("p code").allTextContents()).toEqual(["code"]);
    expect(await answer.locator("ol li").allTextContents()).toEqual(["one", "two"]);
    expect(await answer.locator("pre code").allTextContents()).toEqual(["backup restore"]);
    expect(await answer.locator("b").count()).toBe(0);
    expect(await answer.textContent()).toContain("<b>no tag</b>");
    await answer.locator("button.cite").click();
    expect(await page.locator(".sources details").first().getAttribute("open")).not.toBeNull();
  },
);

test.skipIf(missing !== undefined)(
  `has visible borders and texts, and buttons that can be hit, in light and dark mode (T3)${because}`,
  async () => {
    const page = await open({ reply: "Every night [1].", everyMs: 1 });
    await askOnPage(page, "When are backups taken?");
    await finished(page);
    const cite = await page.locator("button.cite").boundingBox();
    expect(Math.min(cite?.width ?? 0, cite?.height ?? 0)).toBeGreaterThanOrEqual(24);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const [border, placeholder, ending] = z
        .tuple([z.number(), z.number(), z.number()])
        .parse(await page.evaluate(contrasts));
      expect(border, `border, ${colorScheme}`).toBeGreaterThanOrEqual(3);
      expect(placeholder, `placeholder, ${colorScheme}`).toBeGreaterThanOrEqual(4.5);
      expect(ending, `ending, ${colorScheme}`).toBeGreaterThanOrEqual(4.5);
    }
  },
);

/** WCAG 2 contrasts of the input's border, its placeholder and a failure's text. */
const contrasts = `(() => {
  const box = document.querySelector("#question");
  const failure = document.querySelector(".ending");
  failure.classList.add("failed");
  const channels = (color) => color.match(/[\\d.]+/g).slice(0, 3).map((value) => value / 255);
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (color) => {
    const [red, green, blue] = channels(color).map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const style = getComputedStyle(box);
  const page = getComputedStyle(document.documentElement).backgroundColor;
  return [
    Math.min(contrast(style.borderTopColor, style.backgroundColor), contrast(style.borderTopColor, page)),
    contrast(getComputedStyle(box, "::placeholder").color, style.backgroundColor),
    contrast(getComputedStyle(failure).color, page),
  ];
})()`;
