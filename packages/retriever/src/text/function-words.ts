/**
 * The commonest English words, and words such as "answer" and "source". They say nothing about a sentence's
 * subject.
 */
export const englishFunctionWords: ReadonlySet<string> = setOf(
  "a about above after again all also an and any are as at be because been before being below between both but by can could did do does doing down during each either for from further had has have having he her here him his how i if in into is it its itself just like may me might more most must my no nor not now of off on once only or other our out over own same shall she should so some such than that the their them then there these they this those through to too under until up upon us use used uses using very was we were what when where whether which while who whom whose why will with within without would you your question questions answer answers source sources",
);

/** The commonest words and question words of other languages. An encoder has stop words only for English. */
const otherFunctionWords: readonly ReadonlySet<string>[] = [
  // German
  "aber alle als am an auch auf aus bei beim bin bis da damit dann darf das dass dem den der des die dies diese diesem diesen dieser dieses doch du durch dürfen ein eine einem einen einer eines er es etwas für gegen gibt habe haben hat hatte ich ihr ihre ihrem ihren ihrer im in ist jede jedem jeden jeder jedes kann kein keine keinem keinen keiner können man mein meine meinem meinen meiner mich mir mit muss müssen nach nicht noch nur ob oder ohne sein seine seinem seinen seiner seit sich sie sind so soll sollen sollte über um und uns unser unsere unter viel viele vom von vor war wann warum was welche welchem welchen welcher welches wem wen wegen wenn wer werde werden wie will wir wird wo wollen wurde wurden zu zum zur",
  // French
  "à ai au aux avec avez avoir c ce ces cet cette comme comment combien d dans de des doit du elle elles en est et être faire fait faut il ils j je l la le les leur leurs lui m ma mais me mes mon n ne nos notre nous on ont ou où par pas peut peuvent plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont sous sur t ta te tes ton tu un une vos votre vous y",
  // Spanish
  "a al algo como cómo con cual cuál cuáles cuando cuándo cuánta cuántas cuánto cuántos de del desde donde dónde el ella ellas ellos en entre era es esa ese eso esta está están este esto estos fue ha han hasta hay la las le les lo los más me mi mis muy no nos nuestra nuestro o para pero por porque puede pueden puedo que qué quién se ser si sí sin sobre son su sus también te tengo tiene tienen tu un una unas uno unos y ya yo",
  // Italian
  "a abbiamo ad ai al alla alle allo anche c che chi ci come con cui da dal dalla dalle dei del della delle dello deve devo di dove e è ed essere fa gli ha hanno ho i il in io l la le lei lo loro lui ma mi mia mie mio nei nel nella nelle noi non o per perché più possono posso può qual quale quali quando quanta quante quanti quanto questa queste questi questo se si sia sono su sua sue sul sulla suo suoi ti tra tu un una uno vi voi",
  // Portuguese
  "a ao aos as à às até com como da das de dela dele deve do dos e é ela elas ele eles em entre era essa esse esta está este eu foi há isso isto já lhe mais mas me meu minha muito na nas nem no nos nós não o onde os ou para pela pelas pelo pelos pode podem por porque posso qual quais quando quanta quantas quanto quantos que quem se sem ser seu sua são só também te tem tenho têm um uma você vocês",
  // Dutch
  "aan al als bij dan dat de deze die dit door een en er geen had heb hebben heeft het hij hoe hoeveel hun ik in is je kan kun kunnen maar me met mij mijn moet moeten na naar niet nog nu of om ons onze ook op over te tot u uit uw van veel voor waar waarom wanneer wat we welk welke werd wie wij wil worden wordt ze zich zij zijn zo zou",
  // Russian
  "а без бы был была были было быть в вам вас во вот все всё вы где да для до его ее её если есть еще ещё же за и из или им их к как какая какие какой ко когда кто куда ли меня мне может можно мой моя мы на над надо наш не нет ни но нужно о об он она они оно от откуда по под почему при с сколько со так также там то того тоже у уже через что чтобы эта эти это этот я",
].map(setOf);

/**
 * Returns the function words of the question's language. That is the language with the most function words in
 * the question, at least two and more than English has. One is not enough, because a word of one language may
 * be a name in another. Returns an empty set for English and for unknown languages.
 */
export function functionWordsOf(question: string): ReadonlySet<string> {
  const words = [...new Set(question.toLowerCase().match(/[\p{L}\p{M}]+/gu))];
  const common = (list: ReadonlySet<string>): number => words.filter((word) => list.has(word)).length;
  let most = Math.max(1, common(englishFunctionWords));
  let found: ReadonlySet<string> = new Set();
  for (const list of otherFunctionWords) {
    const count = common(list);
    if (count > most) [found, most] = [list, count];
  }
  return found;
}

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
