import { expect, test } from "vitest";
import { isUnseen } from "./is-unseen.ts";

const isHidden = (style: string): boolean => isUnseen("p", { style }, "everything", true);

test.each([
  "height:0;overflow:hidden",
  "overflow: hidden; width: 0px",
  "clip-path:inset(50%)",
  "transform:translateX(-9999px)",
  "transform: translate(-9999px, 0)",
  "transform:translate(0, -9999px)",
  "/*x*/display:none",
  "color:red;/* a ** b */ display /**/ : none",
  "opacity:0.001",
  "opacity:.009",
  "opacity:0",
  "font-size:0.1px",
  "font-size:0",
  "font:0/0 a",
  "font: bold 0px a",
])("hides text with the style %s", (style) => {
  expect(isHidden(style)).toBe(true);
});

test.each([
  "height:0",
  "width:100px;overflow:hidden",
  "height:0.5em;overflow:hidden",
  "clip-path:inset(5%)",
  "transform:translateX(-50%)",
  "transform:translate(-20px, 0)",
  "opacity:0.01",
  "opacity:0.1",
  "opacity:1%",
  "font-size:0.8rem",
  "font-size:10.5px",
  "font:10px/1 a",
  "font:700 12px/0 a",
  "color:red /* display:none */",
])("shows text with the style %s", (style) => {
  expect(isHidden(style)).toBe(false);
});

test("reads a style of 500,000 characters in linear time", () => {
  const started = performance.now();
  for (const part of ["/*", "/**", "/* ", "0", " ", "; ", "opacity:0.0", "font:a "])
    expect(isHidden(part.repeat(500_000 / part.length))).toBe(false);
  for (const start of ["opacity:", "font:", "font-size:.", "transform:translate("])
    for (const part of ["0", "a ", "1", " "]) isHidden(start + part.repeat(250_000));
  expect(performance.now() - started).toBeLessThan(5_000);
});
