import type { BaseLanguageModelInterface } from "@langchain/core/language_models/base";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import type { BaseRetriever } from "@langchain/core/retrievers";

export async function answer(
  retriever: BaseRetriever,
  model: BaseLanguageModelInterface,
  question: string,
): Promise<void> {
  const prompt = ChatPromptTemplate.fromTemplate("Answer from this context:\n{context}\n\n{question}");
  const chain = prompt.pipe(model).pipe(new StringOutputParser());
  const documents = await retriever.invoke(question);
  const context = documents.map(({ pageContent }) => pageContent).join("\n\n");
  for await (const text of await chain.stream({ context, question })) process.stdout.write(text);
}
