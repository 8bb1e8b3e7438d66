import { expect, test } from "vitest";
import { askingTerms } from "./asking-terms.ts";

test.each([
  [
    "Could you please tell me how long the key is kept?",
    ["please", "tell", "long", "key", "kept"],
    ["key", "kept"],
  ],
  ["备份什么时候运行？", ["备份", "份什", "什么", "么时", "时候", "候运", "运行"], ["备份", "运行"]],
  ["如何备份？", ["如何", "何备", "备份"], ["备份"]],
  ["バックアップはいつですか", ["バック", "はい", "いつ", "つで", "です", "すか"], ["バック"]],
  ["Wann laufen die Sicherungen?", ["Wann", "laufen", "Sicherungen"], ["laufen", "Sicherungen"]],
  ["когда обновляется ключ", ["когда", "обновляется", "ключ"], ["обновляется", "ключ"]],
  [
    "Was ist die Hauptstadt der Mongolei?",
    ["Was", "ist", "die", "Hauptstadt", "der", "Mongolei"],
    ["Hauptstadt", "Mongolei"],
  ],
  ["Wie viele Tage Urlaub habe ich?", ["Wie", "viele", "Tage", "Urlaub", "habe", "ich"], ["Tage", "Urlaub"]],
  ["Combien de jours de congé ai-je ?", ["Combien", "de", "jours", "congé", "ai", "je"], ["jours", "congé"]],
  [
    "¿Cuántos días de vacaciones tengo?",
    ["Cuántos", "días", "de", "vacaciones", "tengo"],
    ["días", "vacaciones"],
  ],
  ["Quanti giorni di ferie ho?", ["Quanti", "giorni", "di", "ferie", "ho"], ["giorni", "ferie"]],
  [
    "Quantos dias de férias eu tenho?",
    ["Quantos", "dias", "de", "férias", "eu", "tenho"],
    ["dias", "férias"],
  ],
  ["Hoeveel dagen vakantie heb ik?", ["Hoeveel", "dagen", "vakantie", "heb", "ik"], ["dagen", "vakantie"]],
  [
    "Сколько дней отпуска у меня есть?",
    ["Сколько", "дней", "отпуска", "у", "меня", "есть"],
    ["дней", "отпуска"],
  ],
  ["Who can die in the war?", ["die", "war"], ["die", "war"]],
  ["Does a key die?", ["key", "die"], ["key", "die"]],
  ["How do I comment a line?", ["comment", "line"], ["comment", "line"]],
])("leaves only the subject of %j", (question, terms, subject) => {
  const isAsking = askingTerms(question);
  expect(terms.filter((term) => !isAsking(term))).toEqual(subject);
});

test("counts a term as subject if it also occurs outside the asking words", () => {
  const isAsking = askingTerms("什么是什么呢，是什");
  expect(isAsking("是什")).toBe(false);
});
