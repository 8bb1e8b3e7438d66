import type { ChatMessage } from "@binnacle/core";
import { inputText } from "@binnacle/core/kit";
import type { PromptTemplate } from "../triton-options.ts";

/** Returns the prompt of a conversation, for models without roles. Images are left out. */
export function promptText(messages: readonly ChatMessage[], template: PromptTemplate): string {
  if (typeof template === "function") return template(messages).toWellFormed();
  return (template === "chatml" ? chatMl(messages) : transcript(messages)).toWellFormed();
}

/** Returns the bytes of all images, in order. */
export function promptImages(
  messages: readonly ChatMessage[],
): readonly { readonly mediaType: string; readonly data: Uint8Array }[] {
  return messages.flatMap(({ content }) =>
    typeof content === "string" ? [] : content.flatMap((part) => (part.type === "image" ? [part.image] : [])),
  );
}

function transcript(messages: readonly ChatMessage[]): string {
  const [first] = messages;
  if (messages.length === 1 && first?.role === "user") return textOf(first);
  const turns = messages.map((message) => `${names[message.role]}: ${textOf(message)}`);
  return [...turns, "Assistant:"].join("\n\n");
}

const names: Readonly<Record<ChatMessage["role"], string>> = {
  system: "System",
  user: "User",
  assistant: "Assistant",
  tool: "Tool",
};

function chatMl(messages: readonly ChatMessage[]): string {
  const turns = messages.map((message) => `<|im_start|>${message.role}\n${textOf(message)}<|im_end|>\n`);
  return `${turns.join("")}<|im_start|>assistant\n`;
}

function textOf({ content }: ChatMessage): string {
  return typeof content === "string" ? content : inputText({ content });
}
