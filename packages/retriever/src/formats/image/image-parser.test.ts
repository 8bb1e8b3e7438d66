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
