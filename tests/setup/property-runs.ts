import fc from "fast-check";
import { inject } from "vitest";

// A test that states its own `numRuns` multiplies it by the share itself.
fc.configureGlobal({ numRuns: 100 * inject("propertyShare") });
