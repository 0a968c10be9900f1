import type { Lang } from '../communities.js';

interface People {
  readonly given: readonly string[];
  readonly family: readonly string[];
}

const people = (given: string, family: string): People => ({ given: given.split(' '), family: family.split(' ') });

/** Parts of invented people's names. */
const PEOPLE: Readonly<Record<Lang, People>> = {
  en: people(
    'Mina Otis June Theo Nell Casper Ivy Hugo Wren Tess Arlo Milo Pia Rufus Edie Sol Ada Bram Cleo Dex Esme Fitz Greta Hal Isla Jory Kit Lottie Moss Nora Orla Percy',
    'Tallow Fernhill Arkwell Brambly Oakden Lune Marrow Pellow Ashby Quillon Finchley Hathery Novell Tarnwood Wickham Applegarth Birdsall Copperfold Dunmere Eastlow Foxley Greenhow Hollin Inkpen Larkham Merrowby Nettleton Osgrove Plumley Rookwood Silverdale Thistle',
  ),
  es: people(
    'Lola Nico Inés Tomás Vega Mateo Abril Bruno Carmela Dario Elena Fermín Gala Iván Julia Leo Marta Noa Pablo Rocío',
    'Almendral Ribera Salvatierra Olmo Luna Corral Peñalba Solano Ríos Campoverde Fontana Miralles Naranjo Robledal Valdeflor Zarzal',
  ),
  pt: people(
    'Bia Caio Duda Téo Nina Davi Lia Enzo Íris Otto Ravi Sofia Tina Vítor',
    'Laranjeira Ventura Marola Campestre Palmares Figueiral Montenova Ribeirinho Serrado Valverde Vinhal Lagoinha',
  ),
  fr: people(
    'Léonie Marius Odette Basile Zélie Anatole Capucine Émile Flore Gaspard Hortense Jules Lucie Noé',
    'Tilleul Clairval Ormeau Fontaine Beaulac Chantelune Dubocage Fleurmont Grandpré Lavigne Mirabel Rosier',
  ),
  it: people(
    'Ada Nino Gemma Livio Bianca Carlo Dalia Elio Fiamma Gino Irma Luce Milo Tea',
    'Castelfiore Valmora Solari Montebello Acquaviva Belcolle Fontanella Girasole Lagomare Olivastri Pratoverde Rocchini',
  ),
  de: people(
    'Frieda Emil Greta Jonte Alma Bosse Clara Fiete Hanne Ida Jasper Lotte Mats Tilda',
    'Lindenhof Birkensee Sonnental Weidensee Ahornberg Buchwald Eichenau Fliederbach Himmelreich Kornfeld Mühlhain Rosengart',
  ),
  tr: people(
    'Defne Kaan Elif Mert Ada Deniz Ece Kerem Lale Onur Selin Umut',
    'Yıldızlı Denizci Çınarlı Gökçeay Bahçeli Karanfil Pınarbaşı Söğütlü Tepegöz Yeşildal',
  ),
  ar: people(
    'ليلى سامي نور كريم هند ياسر سلمى رامي دانة فارس مها زياد',
    'البستاني النجار الريحاني الزيتوني القمري النخلي الورداني البحراوي الجبلي السحابي',
  ),
  ja: people(
    'かなた みなと ひより ことり れん つむぎ ゆう あおい はる しずく そら なぎさ ほのか いつき',
    '星野 青空 月島 小川 水無月 花園 白波 朝霧 風見 桜坂 夕凪 森永野 雪原 鈴音',
  ),
  ko: people('하늘 바다 나무 이슬 가람 도담 라온 보람 새봄 아라 여울 한결', '달 별 솔 강 봄 은 숲 새 윤 온'),
};

/** The number of a language's invented people tells which. */
export function personName(lang: Lang, unit: number): string {
  const { given, family } = PEOPLE[lang];
  const n = Math.floor(unit * given.length * family.length);
  const first = given[n % given.length] ?? '';
  const last = family[Math.floor(n / given.length)] ?? '';
  return lang === 'ja' || lang === 'ko' ? last + first : `${first} ${last}`;
}
