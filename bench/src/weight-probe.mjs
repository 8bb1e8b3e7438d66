// Runs in its own Node, from the folder whose packages it resolves. Imports one module, if one is named, and
// prints the cost.
const cpu = process.cpuUsage();
const start = performance.now();
if (process.argv[2] !== undefined) await import(process.argv[2]);
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(JSON.stringify({ ms, cpuMs: (user + system) / 1_000 }));
