import { expect, test } from "vitest";
import { pictures } from "./fixtures/pictures.ts";
import { imageParser } from "./image-parser.ts";

test.each(Object.entries(pictures))("reads the size of %s", async (_, { mediaType, data }) => {
  const document = await imageParser.parse(data, { mediaType, name: "plans/harbour-plan_2024.file" });
  expect(document).toEqual({
    text: "harbour plan 2024",
    mediaType,
    title: "harbour-plan_2024.file",
    media: [{ mediaType, data: new Uint8Array(data) }],
    metadata: { width: 3, height: 2 },
  });
});

test.each([
  ["plans/HarbourPlan.PNG", "Harbour Plan"],
  ["Größe übersicht.png", "Größe übersicht"],
  ["海図.v2.png", "海図 v2"],
  ["_.png", "_.png"],
])("makes the words of the name %s the text", async (name, text) => {
  const { mediaType, data } = pictures.png;
  expect((await imageParser.parse(data, { mediaType, name })).text).toBe(text);
});

test.each(Object.entries(pictures))(
  "refuses %s that is cut off, empty or another format",
  async (_, picture) => {
    const { mediaType, data } = picture;
    for (const bytes of [data.subarray(0, data.byteLength - 9), data.subarray(0, 9), new Uint8Array()])
      await expect(imageParser.parse(bytes, { mediaType })).rejects.toMatchObject({
        code: "damaged_file",
        retryable: false,
        message: expect.stringContaining(mediaType),
      });
    const other = mediaType === "image/png" ? pictures.gif : pictures.png;
    await expect(imageParser.parse(other.data, { mediaType })).rejects.toThrow("signature");
  },
);

test.each(["png", "jpeg", "gif", "webp with alpha"] as const)(
  "reads %s with bytes after its end",
  async (name) => {
    const { mediaType, data } = pictures[name];
    const padded = Uint8Array.from([...data, 0, 10, 0]);
    expect(await imageParser.parse(padded, { mediaType })).toMatchObject({
      metadata: { width: 3, height: 2 },
    });
  },
);

test("reads a GIF with a comment, a table of colours of its own and bytes after its end", async () => {
  const { mediaType, data } = pictures.gif;
  const head = data.subarray(0, 10);
  const comment = [0x21, 0xfe, 2, 0x3b, 0x3b, 0];
  const image = [0x2c, 0, 0, 0, 0, 3, 0, 2, 0, 0x80, 0, 0, 0, 9, 9, 9, 2, 2, 0x3b, 0x3b, 0];
  const whole = Uint8Array.from([...head, 0, 0, 0, ...comment, ...image, 0x3b, 10]);
  expect(await imageParser.parse(whole, { mediaType })).toMatchObject({ metadata: { width: 3, height: 2 } });
  await expect(imageParser.parse(whole.subarray(0, -2), { mediaType })).rejects.toThrow("end is missing");
});

test("refuses an image without pixels", async () => {
  const { mediaType, data } = pictures.png;
  const empty = data.slice();
  new DataView(empty.buffer, empty.byteOffset).setUint32(16, 0);
  await expect(imageParser.parse(empty, { mediaType })).rejects.toThrow("0 × 2 pixels");
});

test("reads random bytes after a signature without a failure of its own", async () => {
  for (const { mediaType, data } of Object.values(pictures))
    for (let seed = 1; seed < 200; seed += 1) {
      const bytes = data.map((byte, i) => (i < 12 ? byte : (byte * seed + i * 31) % 256));
      const outcome = await imageParser.parse(bytes, { mediaType }).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: "damaged_file" });
    }
});
