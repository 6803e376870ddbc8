/** Letters of languages, for telling whether those of a text can be of one language. */

/**
 * Letters beyond a to z, small: those of every page, then those of a few words; and those of a to z that hardly any
 * word of the language has.
 */
const LATIN: readonly (readonly [common: string, rare: string, absent: string])[] = [
  ['éèàêçâîôûù', 'ëïœüÿæ', 'kw'], // French
  ['äöüß', 'éà', ''], // German
  ['áéíóúñ', 'üçª', 'kw'], // Spanish
  ['ãáéêóôõçíâúà', 'ü', 'kwy'], // Portuguese
  ['àèéìòù', 'îó', 'jkwxy'], // Italian
  ['àéèíïóòúç', 'ü·', 'kwy'], // Catalan
  ['éëïöèü', 'óáêç', 'q'], // Dutch
  ['åäö', 'éàü', 'qw'], // Swedish, Finnish
  ['æøå', 'éòôêèöü', 'qwx'], // Danish, Norwegian
  ['äöõü', 'šžé', 'qwxy'], // Estonian
  ['áðéíóúýþæö', '', 'cqwz'], // Icelandic
  ['ąćęłńóśźż', 'éü', 'qvx'], // Polish
  ['áčďéěíňóřšťúůýž', 'öü', 'qw'], // Czech
  ['áäčďéíľňóôšťúýž', 'ĺŕ', 'qw'], // Slovak
  ['áéíóöőúüű', '', 'qwx'], // Hungarian
  ['ăâîşţșț', 'éáöü', 'kwy'], // Romanian
  ['čćđšž', 'éö', 'qwxy'], // Croatian, Slovenian, Serbian
  ['çğıöşüi̇', 'âîû', 'qwx'], // Turkish
  ['ąčęėįšųūž', '', 'qwx'], // Lithuanian
  ['āčēģīķļņšūž', 'ōŗ', 'qwxy'], // Latvian
  ['çë', 'éâêîô', 'w'], // Albanian
  ['ĉĝĥĵŝŭ', '', 'qwxy'], // Esperanto
  ['ċġħż', 'àèìòù', 'cy'], // Maltese
  ['âêîôûŵŷ', 'áéëïöẅẃ', 'kqvxz'], // Welsh
  ['áéíóú', '', 'jkqvwxyz'], // Irish
];

/** Vietnamese has too many to list: any vowel with a tone, and these. */
const VIETNAMESE = 'ăâđêôơư';
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;

/** What a rare letter counts, where a common one is 1, and one of no word of the language. */
const RARE = 0.3;
const FOREIGN = -2;

/** Share of a language's absent letters that names and foreign words bring, and what more of them costs. */
const FOREIGN_SHARE = 0.015;
const ABSENT_COST = 8;
const MOST_ABSENT_COST = 0.5;

/**
 * How well a Latin text is of one language: from −2 to 1.
 * @param letters its letters beyond ASCII
 */
export function latinFit(text: string, letters: readonly string[]): number {
  if (letters.length === 0) return 1;
  const small = letters.map((letter) => letter.toLowerCase());
  const plain = Array.from(text.toLowerCase().match(/[a-z]/g) ?? []);
  const cost = (absent: string): number => {
    const share = mean(plain, (letter) => (absent.includes(letter) ? 1 : 0));
    return Math.min(MOST_ABSENT_COST, ABSENT_COST * Math.max(0, share - FOREIGN_SHARE));
  };
  const fits = LATIN.map(
    ([common, rare, absent]) =>
      mean(small, (letter) => (common.includes(letter) ? 1 : rare.includes(letter) ? RARE : FOREIGN)) -
      cost(absent),
  );
  return Math.max(...fits, mean(small, vietnameseFit) - cost('fjwz'));
}

function vietnameseFit(letter: string): number {
  const toneless = letter.normalize('NFD').replace(TONES, '').normalize('NFC');
  if (VIETNAMESE.includes(toneless)) return 1;
  return toneless !== letter.normalize('NFC') && 'aeiouy'.includes(toneless) ? 1 : FOREIGN;
}

/** The letters that make up most of a text, of the languages of a script; and what share that is. */
const USUAL_SHARE = 0.75;
const FREQUENT: readonly { script: RegExp; letters: string }[] = [
  { script: /\p{Script=Cyrillic}/u, letters: 'оаеинтсрвлкмдпуіјяы' },
  { script: /\p{Script=Greek}/u, letters: 'αοιτεσνηυρπκμςάίόέ' },
  { script: /\p{Script=Hebrew}/u, letters: 'יוהלאתרבשמםנד' },
  { script: /\p{Script=Arabic}/u, letters: 'اليمنورتبةدعسفهكأیک' },
];

/** Cyrillic alphabets, small letters. */
const CYRILLIC: readonly string[] = [
  'абвгдеёжзийклмнопрстуфхцчшщъыьэюя', // Russian, Bulgarian
  'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя', // Ukrainian
  'абвгдеёжзійклмнопрстуўфхцчшыьэюя', // Belarusian
  'абвгдђежзијклљмнњопрстћуфхцчџш', // Serbian
  'абвгдѓежзѕијклљмнњопрстќуфхцчџш', // Macedonian
];

/** How well a text of another script is of one of its languages: 1 and less. @param letters those beyond ASCII */
export function scriptFit(letters: readonly string[]): number {
  const shares = FREQUENT.map(({ letters: frequent }) =>
    mean(letters, (letter) => (frequent.includes(letter) ? 1 : 0)),
  );
  const usual = Math.min(1, Math.max(...shares) / USUAL_SHARE);
  const small = letters
    .map((letter) => letter.toLowerCase())
    .filter((letter) => /\p{Script=Cyrillic}/u.test(letter));
  const foreign = CYRILLIC.map((alphabet) => mean(small, (letter) => (alphabet.includes(letter) ? 0 : 1)));
  return usual + FOREIGN * Math.min(...foreign);
}

function mean(letters: readonly string[], value: (letter: string) => number): number {
  return letters.reduce((sum, letter) => sum + value(letter), 0) / Math.max(1, letters.length);
}
