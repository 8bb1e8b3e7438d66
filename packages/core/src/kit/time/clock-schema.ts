import { z } from "zod";
import { once } from "../once.ts";
import { systemClock, type Clock } from "./clock.ts";

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const isFunction = (value: unknown): boolean => typeof value === "function";

/** Schema of the option `clock`. */
export const clockSchema: () => z.ZodDefault<z.ZodCustom<Clock>> = once(() =>
  z.custom<Clock>(isObject, "must be a Clock").default(systemClock),
);

/** Schema of the option `random`. */
export const randomSchema: () => z.ZodDefault<z.ZodCustom<() => number>> = once(() =>
  z
    .custom<() => number>(isFunction, "must be a function that returns a number from 0 to below 1")
    .default(() => Math.random),
);
