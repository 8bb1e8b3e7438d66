/** A small handbook with one fact per page. */
export const handbook: Readonly<Record<string, string>> = {
  "signing.md": `# Signing

## Rotating the signing key
To rotate the signing key, run \`keys rotate --grace 24h\` on the primary node. The old key stays valid for 24 hours.

## Where keys live
Private keys are kept in the vault of the primary node and are never written to disk.
`,
  "backups.md": `# Backups

Backups are taken every night at 02:30 and kept for 35 days. To restore one, stop the scheduler and run
\`backup restore\` with the name of the snapshot.
`,
  "on-call.md": `# On call

The on-call engineer answers within fifteen minutes. The rota changes on Mondays at noon.
`,
};
