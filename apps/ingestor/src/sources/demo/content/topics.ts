import { LANGUAGES, type Lang } from '../communities.js';
import type { Category, Topic } from './language-content.js';

// One line a topic: key | category | weight | home | shared hashtag of a burst | en | es | pt | fr | it | de | tr | ar | ja | ko
const TABLE = `
coffee|food|10|west||coffee|el café|o café|le café|il caffè|Kaffee|kahve|القهوة|コーヒー|커피
night-trains|travel|8|east||night trains|los trenes nocturnos|os trens noturnos|les trains de nuit|i treni notturni|Nachtzüge|gece trenleri|قطارات الليل|夜行列車|야간열차
first-snow|weather|5|west|FirstSnow|the first snow|la primera nevada|a primeira neve|la première neige|la prima neve|der erste Schnee|ilk kar|أول ثلج|初雪|첫눈
football-final|sport|7|east|FinalNight|the football final|la final de fútbol|a final do futebol|la finale de foot|la finale di calcio|das Fußballfinale|futbol finali|نهائي كرة القدم|サッカー決勝|축구 결승전
space-launch|science|5|west|LaunchDay|the space launch|el lanzamiento espacial|o lançamento espacial|le lancement spatial|il lancio spaziale|der Raketenstart|uzay fırlatışı|الإطلاق الفضائي|ロケット打ち上げ|우주 발사
sourdough|food|4.5|west||sourdough|el pan de masa madre|o pão de fermentação natural|le pain au levain|il pane a lievito madre|Sauerteig|ekşi maya|خبز العجين المخمر|サワードウ|사워도우
power-cut|city|4|east|PowerCut|the power cut|el corte de luz|o apagão|la coupure de courant|il blackout|der Stromausfall|elektrik kesintisi|انقطاع الكهرباء|停電|정전
film-festival|culture|4|east||the film festival|el festival de cine|o festival de cinema|le festival du film|il festival del cinema|das Filmfestival|film festivali|مهرجان السينما|映画祭|영화제
electric-bikes|city|3.8|east||electric bikes|las bicicletas eléctricas|as bicicletas elétricas|les vélos électriques|le bici elettriche|E-Bikes|elektrikli bisikletler|الدراجات الكهربائية|電動自転車|전기자전거
school-strike|city|3.4|east||the school strike|la huelga escolar|a greve escolar|la grève scolaire|lo sciopero scolastico|der Schulstreik|okul grevi|إضراب المدارس|学校ストライキ|학교 파업
cherry-blossom|weather|3.2|west||cherry blossom|los cerezos en flor|as cerejeiras em flor|les cerisiers en fleurs|i ciliegi in fiore|die Kirschblüte|kiraz çiçekleri|أزهار الكرز|桜|벚꽃
marathon|sport|3|west||the city marathon|el maratón de la ciudad|a maratona da cidade|le marathon de la ville|la maratona cittadina|der Stadtmarathon|şehir maratonu|ماراثون المدينة|市民マラソン|시민 마라톤
ramen|food|3|west||ramen|el ramen|o lámen|les ramen|il ramen|Ramen|ramen|الرامن|ラーメン|라면
meteor-shower|science|2.8|west|MeteorNight|the meteor shower|la lluvia de estrellas|a chuva de meteoros|la pluie d’étoiles filantes|le stelle cadenti|die Sternschnuppen|meteor yağmuru|زخات الشهب|流星群|유성우
board-games|home|2.7|all||board games|los juegos de mesa|os jogos de tabuleiro|les jeux de société|i giochi da tavolo|Brettspiele|kutu oyunları|ألعاب الطاولة|ボードゲーム|보드게임
heat-wave|weather|2.6|east||the heat wave|la ola de calor|a onda de calor|la canicule|l’ondata di caldo|die Hitzewelle|sıcak hava dalgası|موجة الحر|猛暑|폭염
street-food|food|2.5|all||street food|la comida callejera|a comida de rua|la cuisine de rue|il cibo di strada|Streetfood|sokak lezzetleri|طعام الشارع|屋台|길거리 음식
book-fair|culture|2.4|all||the book fair|la feria del libro|a feira do livro|le salon du livre|la fiera del libro|die Buchmesse|kitap fuarı|معرض الكتاب|ブックフェア|도서전
houseplants|home|2.3|west||houseplants|las plantas de interior|as plantas de casa|les plantes d’intérieur|le piante da appartamento|Zimmerpflanzen|ev bitkileri|النباتات المنزلية|観葉植物|반려식물
train-delays|travel|2.2|all||train delays|los retrasos de trenes|os atrasos dos trens|les retards de train|i ritardi dei treni|Zugverspätungen|tren rötarları|تأخر القطارات|電車遅延|열차 지연
northern-lights|science|2.2|east|AuroraTonight|the northern lights|la aurora boreal|a aurora boreal|les aurores boréales|l’aurora boreale|Polarlichter|kuzey ışıkları|الشفق القطبي|オーロラ|오로라
basketball|sport|2.1|all||basketball|el baloncesto|o basquete|le basket|il basket|Basketball|basketbol|كرة السلة|バスケットボール|농구
jazz-night|culture|2|east||jazz night|la noche de jazz|a noite de jazz|la nuit du jazz|la notte del jazz|die Jazznacht|caz gecesi|ليلة الجاز|ジャズナイト|재즈 나이트
robot-vacuum|home|1.9|west||robot vacuums|los robots aspiradores|os robôs aspiradores|les aspirateurs robots|i robot aspirapolvere|Saugroboter|robot süpürgeler|المكانس الذكية|ロボット掃除機|로봇청소기
hiking|travel|1.9|west||hiking|el senderismo|as trilhas|la randonnée|il trekking|Wandern|doğa yürüyüşü|رحلات المشي|登山|등산
chess-open|sport|1.8|all||the chess open|el abierto de ajedrez|o aberto de xadrez|le tournoi d’échecs|il torneo di scacchi|das Schachturnier|satranç turnuvası|بطولة الشطرنج|チェス大会|체스 대회
farmers-market|food|1.8|west||the farmers market|el mercado de productores|a feira orgânica|le marché fermier|il mercato contadino|der Bauernmarkt|üretici pazarı|سوق المزارعين|朝市|농부시장
museum-night|culture|1.7|east||museum night|la noche de los museos|a noite dos museus|la nuit des musées|la notte dei musei|die Museumsnacht|müze gecesi|ليلة المتاحف|美術館ナイト|박물관의 밤
bike-lanes|city|1.7|east||bike lanes|los carriles bici|as ciclovias|les pistes cyclables|le piste ciclabili|Radwege|bisiklet yolları|مسارات الدراجات|自転車レーン|자전거 도로
rain|weather|1.7|west||the rain|la lluvia|a chuva|la pluie|la pioggia|der Regen|yağmur|المطر|雨|비
ocean-plastic|science|1.6|all||ocean plastic|el plástico en el mar|o plástico no mar|le plastique en mer|la plastica in mare|Plastik im Meer|denizdeki plastik|بلاستيك المحيطات|海洋プラスチック|해양 플라스틱
pottery|home|1.5|west||pottery|la cerámica|a cerâmica|la poterie|la ceramica|Töpfern|çömlekçilik|صناعة الفخار|陶芸|도예
ferry|travel|1.5|east||the island ferry|el ferry a la isla|a balsa da ilha|le ferry de l’île|il traghetto|die Inselfähre|ada vapuru|عبارة الجزيرة|フェリー|섬 여객선
cycling-tour|sport|1.5|east||the cycling tour|la vuelta ciclista|a volta ciclística|le tour cycliste|il giro in bici|die Radrundfahrt|bisiklet turu|سباق الدراجات|自転車レース|자전거 대회
tea|food|1.4|all||tea|el té|o chá|le thé|il tè|Tee|çay|الشاي|お茶|차 한잔
short-stories|culture|1.3|east||short stories|los relatos cortos|os contos|les nouvelles littéraires|i racconti brevi|Kurzgeschichten|kısa öyküler|القصص القصيرة|短編小説|단편소설
library-hours|city|1.3|all||the library hours|el horario de la biblioteca|o horário da biblioteca|les horaires de la bibliothèque|gli orari della biblioteca|die Bibliothekszeiten|kütüphane saatleri|مواعيد المكتبة|図書館の開館時間|도서관 시간
fog|weather|1.2|east||the fog|la niebla|a neblina|le brouillard|la nebbia|der Nebel|sis|الضباب|霧|안개
solar-roofs|science|1.2|all||solar roofs|los tejados solares|os telhados solares|les toits solaires|i tetti solari|Solardächer|güneş çatıları|الأسطح الشمسية|ソーラー屋根|태양광 지붕
knitting|home|1.1|east||knitting|el punto|o tricô|le tricot|il lavoro a maglia|Stricken|örgü|الحياكة|編み物|뜨개질
camping|travel|1.1|east||camping|el camping|o acampamento|le camping|il campeggio|Camping|kamp|التخييم|キャンプ|캠핑
volleyball|sport|1|all||volleyball|el voleibol|o vôlei|le volley|la pallavolo|Volleyball|voleybol|الكرة الطائرة|バレーボール|배구
pastry|food|1|east||pastries|los pasteles|os doces|les pâtisseries|i pasticcini|Gebäck|hamur işleri|الحلويات|お菓子|디저트
street-art|culture|0.9|west||street art|el arte urbano|a arte de rua|le street art|la street art|Street-Art|sokak sanatı|فن الشارع|ストリートアート|거리 예술
night-bus|city|0.9|east||the night bus|el autobús nocturno|o ônibus noturno|le bus de nuit|il bus notturno|der Nachtbus|gece otobüsü|حافلة الليل|深夜バス|심야버스
deep-sea|science|0.8|all||the deep sea|las profundidades marinas|o fundo do mar|les grands fonds|gli abissi|die Tiefsee|derin deniz|أعماق البحار|深海|심해
retro-games|home|0.8|west||retro games|los juegos retro|os jogos retrô|les jeux rétro|i giochi retro|Retrospiele|retro oyunlar|الألعاب القديمة|レトロゲーム|레트로 게임
city-pools|sport|0.7|west||the city pools|las piscinas municipales|as piscinas públicas|les piscines de la ville|le piscine comunali|die Freibäder|şehir havuzları|مسابح المدينة|市民プール|시립 수영장
beekeeping|home|0.6|all||beekeeping|la apicultura|a apicultura|l’apiculture|l’apicoltura|Imkern|arıcılık|تربية النحل|養蜂|양봉
lighthouse|travel|0.5|east||the old lighthouse|el viejo faro|o velho farol|le vieux phare|il vecchio faro|der alte Leuchtturm|eski deniz feneri|المنارة القديمة|古い灯台|오래된 등대
`;
const ORDER: readonly Lang[] = LANGUAGES;

function topicOf(line: string): Topic {
  const [key = '', category = 'home', weight = '1', home = 'west', burst = '', ...names] = line.split('|');
  if (names.length !== ORDER.length) throw new Error(`topic ${key} has ${String(names.length)} names`);
  return {
    key,
    category: category as Category,
    weight: Number(weight),
    home: home === 'east' || home === 'all' ? home : 'west',
    ...(burst === '' ? {} : { burst }),
    names: Object.fromEntries(ORDER.map((lang, index) => [lang, names[index] ?? key])) as Record<Lang, string>,
  };
}

export const TOPICS: readonly Topic[] = TABLE.trim().split('\n').map(topicOf);
