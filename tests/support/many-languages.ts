/** Sentences in many languages, with the encodings that files in them used to have before UTF-8. */

import { decodeStrictly } from '../../src/data/encoding/decoder.ts';

export interface LanguageSample {
  language: string;
  /** Labels of the Encoding Standard. */
  encodings: readonly string[];
  sentences: readonly string[];
}

export const LANGUAGES: readonly LanguageSample[] = [
  {
    language: 'French',
    encodings: ['windows-1252', 'iso-8859-15', 'macintosh'],
    sentences: [
      'Le petit déjeuner était très bon et la vue magnifique.',
      'La chambre était sale, nous ne reviendrons jamais à cet hôtel.',
      'Le train est arrivé en retard mais le contrôleur a été aimable.',
      'Ça ne vaut vraiment pas le prix que nous avons payé.',
      'Une soirée agréable près de la forêt, loin de la ville.',
      'Le café du coin est fermé depuis le mois de février.',
    ],
  },
  {
    language: 'German',
    encodings: ['windows-1252', 'iso-8859-15', 'macintosh'],
    sentences: [
      'Das Frühstück war ausgezeichnet und die Aussicht schön.',
      'Das Zimmer war schmutzig, wir kommen nicht mehr hierher.',
      'Der Zug kam zu spät, aber der Schaffner war freundlich.',
      'Für diesen Preis hätten wir wirklich mehr erwartet.',
      'Ein ruhiger Abend am Fluss, weit weg von der großen Stadt.',
      'Die Straße vor dem Haus wird seit März nicht geräumt.',
    ],
  },
  {
    language: 'Spanish',
    encodings: ['windows-1252', 'iso-8859-15'],
    sentences: [
      'El desayuno estaba muy bueno y la montaña se veía preciosa.',
      'La habitación estaba sucia, no volveremos nunca más.',
      'El tren llegó con retraso, pero el revisor fue muy amable.',
      '¿Por qué hay que pagar tanto por una noche tan mala?',
      'Una tarde tranquila junto al río, lejos de la ciudad.',
      'El niño durmió bien después de la excursión.',
    ],
  },
  {
    language: 'Portuguese',
    encodings: ['windows-1252', 'iso-8859-15'],
    sentences: [
      'O café da manhã estava ótimo e a vista era linda.',
      'O quarto não estava limpo, não vamos voltar mais.',
      'O comboio chegou atrasado, mas a revisora foi atenciosa.',
      'Não vale a pena pagar tanto por uma noite sem água quente.',
      'Uma tarde tranquila à beira do rio, longe da confusão.',
      'As crianças gostaram muito da estação e das montanhas.',
    ],
  },
  {
    language: 'Swedish',
    encodings: ['windows-1252', 'iso-8859-15'],
    sentences: [
      'Frukosten var mycket god och utsikten över sjön var fin.',
      'Rummet var smutsigt, vi åker aldrig dit igen.',
      'Tåget kom för sent men konduktören var trevlig.',
      'Det är inte värt pengarna som vi betalade.',
      'En lugn kväll vid ån, långt från storstaden.',
      'Vägen har inte plogats sedan början av mars.',
    ],
  },
  {
    language: 'Danish',
    encodings: ['windows-1252'],
    sentences: [
      'Morgenmaden var god, og udsigten over søen var flot.',
      'Værelset var beskidt, så vi kommer aldrig tilbage.',
      'Toget kom for sent, men konduktøren var rar.',
      'Det er ikke pengene værd, når vandet er koldt.',
      'En rolig aften ved åen, langt væk fra byen.',
    ],
  },
  {
    language: 'Polish',
    encodings: ['windows-1250', 'iso-8859-2'],
    sentences: [
      'Śniadanie było bardzo dobre, a widok na góry piękny.',
      'Pokój był brudny, nigdy więcej tu nie przyjedziemy.',
      'Pociąg się spóźnił, ale konduktor był uprzejmy.',
      'To nie jest warte pieniędzy, które zapłaciliśmy.',
      'Spokojny wieczór nad rzeką, daleko od miasta.',
      'Dzieci cieszyły się ze śniegu i długo nie chciały wracać.',
    ],
  },
  {
    language: 'Czech',
    encodings: ['windows-1250', 'iso-8859-2'],
    sentences: [
      'Snídaně byla výborná a výhled na hory nádherný.',
      'Pokoj byl špinavý, už sem nikdy nepřijedeme.',
      'Vlak měl zpoždění, ale průvodčí byl milý.',
      'Za ty peníze to opravdu nestojí.',
      'Klidný večer u řeky, daleko od města.',
      'Děti měly radost ze sněhu a nechtěly jít domů.',
    ],
  },
  {
    language: 'Hungarian',
    encodings: ['windows-1250', 'iso-8859-2'],
    sentences: [
      'A reggeli nagyon finom volt, és gyönyörű a kilátás.',
      'A szoba piszkos volt, többet nem jövünk ide.',
      'A vonat késett, de a kalauz kedves volt.',
      'Nem éri meg azt a pénzt, amit fizettünk érte.',
      'Csendes este a folyó mellett, távol a várostól.',
      'A gyerekek örültek a hónak, és sokáig játszottak.',
    ],
  },
  {
    language: 'Romanian',
    encodings: ['windows-1250', 'iso-8859-2'],
    sentences: [
      'Micul dejun a fost foarte bun, iar priveliştea minunată.',
      'Camera era murdară, nu ne mai întoarcem niciodată.',
      'Trenul a întârziat, dar conductorul a fost amabil.',
      'Nu merită banii pe care i-am plătit pentru o noapte.',
      'O seară liniştită lângă râu, departe de oraş.',
      'Copiii s-au bucurat de zăpadă şi n-au vrut să plece.',
    ],
  },
  {
    language: 'Turkish',
    encodings: ['windows-1254', 'iso-8859-9'],
    sentences: [
      'Kahvaltı çok güzeldi ve manzara harikaydı.',
      'Oda kirliydi, bir daha buraya gelmeyeceğiz.',
      'Tren geç kaldı ama görevli çok nazikti.',
      'Ödediğimiz paraya kesinlikle değmez.',
      'Şehirden uzakta, ırmağın kenarında sakin bir akşam.',
      'Çocuklar kara çok sevindi ve eve dönmek istemedi.',
    ],
  },
  {
    language: 'Lithuanian',
    encodings: ['windows-1257', 'iso-8859-13'],
    sentences: [
      'Pusryčiai buvo labai skanūs, o vaizdas pro langą gražus.',
      'Kambarys buvo nešvarus, daugiau čia nevažiuosime.',
      'Traukinys vėlavo, bet konduktorius buvo malonus.',
      'Tai neverta pinigų, kuriuos sumokėjome už naktį.',
      'Ramus vakaras prie upės, toli nuo miesto.',
      'Vaikai džiaugėsi sniegu ir nenorėjo grįžti namo.',
    ],
  },
  {
    language: 'Greek',
    encodings: ['windows-1253', 'iso-8859-7'],
    sentences: [
      'Το πρωινό ήταν πολύ καλό και η θέα υπέροχη.',
      'Το δωμάτιο ήταν βρώμικο, δεν θα ξαναέρθουμε ποτέ.',
      'Το τρένο άργησε, αλλά ο υπάλληλος ήταν ευγενικός.',
      'Δεν αξίζει τα χρήματα που πληρώσαμε.',
      'Ένα ήσυχο βράδυ δίπλα στο ποτάμι, μακριά από την πόλη.',
    ],
  },
  {
    language: 'Russian',
    encodings: ['windows-1251', 'koi8-r', 'iso-8859-5', 'ibm866', 'x-mac-cyrillic'],
    sentences: [
      'Завтрак был очень вкусным, и вид из окна прекрасный.',
      'Комната была грязной, мы сюда больше не приедем.',
      'Поезд опоздал, но проводник был вежлив.',
      'Это не стоит тех денег, которые мы заплатили.',
      'Тихий вечер у реки, далеко от города.',
      'Дети обрадовались снегу и долго не хотели домой.',
    ],
  },
  {
    language: 'Ukrainian',
    encodings: ['windows-1251', 'koi8-u'],
    sentences: [
      'Сніданок був дуже смачний, а краєвид чудовий.',
      'Кімната була брудна, ми сюди більше не приїдемо.',
      'Потяг запізнився, але провідник був ввічливий.',
      'Це не варте тих грошей, які ми заплатили.',
      'Тихий вечір біля річки, далеко від міста.',
    ],
  },
  {
    language: 'Bulgarian',
    encodings: ['windows-1251'],
    sentences: [
      'Закуската беше много вкусна, а гледката прекрасна.',
      'Стаята беше мръсна, няма да дойдем повече тук.',
      'Влакът закъсня, но кондукторът беше учтив.',
      'Не си струва парите, които платихме за нощта.',
    ],
  },
  {
    language: 'Hebrew',
    encodings: ['windows-1255', 'iso-8859-8'],
    sentences: [
      'ארוחת הבוקר הייתה טעימה מאוד והנוף נהדר.',
      'החדר היה מלוכלך, לא נחזור לכאן לעולם.',
      'הרכבת איחרה, אבל הכרטיסן היה אדיב.',
      'זה לא שווה את הכסף ששילמנו.',
      'ערב שקט ליד הנהר, רחוק מן העיר.',
    ],
  },
  {
    language: 'Arabic',
    encodings: ['windows-1256', 'iso-8859-6'],
    sentences: [
      'كان الفطور لذيذا جدا والمنظر رائعا.',
      'كانت الغرفة متسخة ولن نعود إلى هنا أبدا.',
      'تأخر القطار لكن الموظف كان لطيفا.',
      'هذا لا يستحق المال الذي دفعناه.',
      'مساء هادئ بجانب النهر بعيدا عن المدينة.',
    ],
  },
  {
    language: 'Thai',
    encodings: ['windows-874'],
    sentences: [
      'อาหารเช้าอร่อยมากและวิวสวย',
      'ห้องสกปรก เราจะไม่กลับมาอีก',
      'รถไฟมาสายแต่พนักงานใจดี',
      'ไม่คุ้มกับเงินที่เราจ่ายไป',
      'ค่ำคืนที่เงียบสงบริมแม่น้ำ ไกลจากเมือง',
    ],
  },
  {
    language: 'Vietnamese',
    encodings: ['windows-1258'],
    sentences: [
      'Bữa sáng rất ngon và phong cảnh thật đẹp.',
      'Phòng bẩn, chúng tôi sẽ không bao giờ quay lại.',
      'Tàu đến muộn nhưng nhân viên rất tử tế.',
      'Không đáng với số tiền chúng tôi đã trả.',
      'Một buổi tối yên tĩnh bên bờ sông, xa thành phố.',
    ],
  },
  {
    language: 'Japanese',
    encodings: ['shift_jis', 'euc-jp', 'iso-2022-jp'],
    sentences: [
      '朝食がとても美味しくて、窓からの眺めも最高でした。',
      '部屋が汚くて、もう二度と来ません。',
      '電車は遅れましたが、車掌さんは親切でした。',
      '払ったお金の価値はありません。',
      'ホテルのスタッフは丁寧で、サービスも良かったです。',
    ],
  },
  {
    language: 'Korean',
    encodings: ['euc-kr'],
    sentences: [
      '아침 식사가 아주 맛있었고 경치도 좋았습니다.',
      '방이 더러워서 다시는 오지 않을 것입니다.',
      '기차가 늦었지만 승무원은 친절했습니다.',
      '우리가 낸 돈만큼의 가치가 없습니다.',
      '도시에서 멀리 떨어진 강가의 조용한 저녁이었어요.',
    ],
  },
  {
    language: 'simplified Chinese',
    encodings: ['gb18030'],
    sentences: [
      '早餐非常好吃，窗外的风景也很美。',
      '房间很脏，我们再也不会来了。',
      '火车晚点了，不过乘务员很热情。',
      '这个价钱真的不值得。',
      '河边安静的夜晚，离城市很远。',
    ],
  },
  {
    language: 'traditional Chinese',
    encodings: ['big5'],
    sentences: [
      '早餐非常好吃，窗外的風景也很美。',
      '房間很髒，我們再也不會來了。',
      '火車誤點了，不過車掌很親切。',
      '這個價錢真的不值得。',
      '河邊安靜的夜晚，離城市很遠。',
    ],
  },
];

const encoders = new Map<string, Map<string, number[]>>();

/** Bytes of a text in a legacy encoding, by its decoder turned round; UTF-16 and ISO-2022-JP are written out. */
export function encodeLegacy(text: string, encoding: string): Uint8Array<ArrayBuffer> {
  if (encoding.startsWith('utf-16')) return utf16(text, encoding === 'utf-16le');
  if (encoding === 'iso-2022-jp') return iso2022(text);
  const known = encoders.get(encoding) ?? turnedRound(encoding);
  encoders.set(encoding, known);
  const spelled = encoding === 'windows-1258' ? windows1258(text) : text;
  const bytes = Array.from(spelled).flatMap((character) => {
    const code = known.get(character);
    if (code === undefined) throw new Error(`${encoding} has no ${character}`);
    return code;
  });
  return Uint8Array.from(bytes);
}

function turnedRound(encoding: string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const put = (bytes: number[]): void => {
    const character = decodeStrictly(Uint8Array.from(bytes), encoding);
    if (character !== null && Array.from(character).length === 1 && !found.has(character))
      found.set(character, bytes);
  };
  for (let byte = 0; byte < 256; byte++) put([byte]);
  if (/^(shift_jis|euc-jp|euc-kr|gb18030|gbk|big5)$/.test(encoding))
    for (let lead = 0x81; lead < 0xff; lead++)
      for (let trail = 0x40; trail < 0xff; trail++) put([lead, trail]);
  return found;
}

/** Vietnamese tones are marks of their own there, after the vowel with its hat. */
function windows1258(text: string): string {
  const tones = /[\u0300\u0301\u0303\u0309\u0323]/g;
  return Array.from(text, (character) => {
    const parts = character.normalize('NFD');
    const tone = parts.match(tones)?.[0] ?? '';
    return parts.replace(tones, '').normalize('NFC') + tone;
  }).join('');
}

function utf16(text: string, little: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), little);
  return bytes;
}

/** JIS X 0208 by way of EUC-JP, whose bytes are the same with the high bit set. */
function iso2022(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let wide = false;
  for (const character of text) {
    const ascii = character.charCodeAt(0) < 0x80;
    if (ascii === wide) bytes.push(0x1b, ...(ascii ? [0x28, 0x42] : [0x24, 0x42]));
    wide = !ascii;
    if (ascii) bytes.push(character.charCodeAt(0));
    else bytes.push(...Array.from(encodeLegacy(character, 'euc-jp'), (byte) => byte & 0x7f));
  }
  if (wide) bytes.push(0x1b, 0x28, 0x42);
  return Uint8Array.from(bytes);
}
