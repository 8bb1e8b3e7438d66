/** Environment of a server whose model server, which embeds and writes, speaks llama-server's protocol. */
export function modelEnvironment(url: string): NodeJS.ProcessEnv {
  return {
    BINNACLE_LLM_URL: url,
    BINNACLE_LLM_KIND: "llama-cpp",
    BINNACLE_EMBED_URL: url,
    BINNACLE_EMBED_KIND: "llama-cpp",
  };
}
