import { LANGUAGES, type Lang } from '../communities.js';
import { CATEGORIES } from './language-content.js';
import { TOPICS } from './topics.js';

/** What goes with a topic: as a hashtag, and as words in a sentence. */
export interface Related {
  readonly tag: string;
  readonly words: string;
}

// English has its own for each topic, the most used first: key | hashtags.
const BY_TOPIC = `
coffee|Espresso LatteArt MorningBrew FlatWhite CoffeeTime ColdBrew PourOver HomeBarista CoffeeBreak FreshRoast SlowSips MokaPot
night-trains|SleeperTrain WindowSeat SlowTravel RailLife TopBunk LastTrain DiningCar StationClock OvernightTrip TrainWindow CouchetteClub
first-snow|SnowDay WinterMood Snowflakes HotChocolate SnowBoots WhiteMorning SnowAngels WoollyHat IcyPaths QuietStreets
football-final|Football ExtraTime MatchDay LastMinuteGoal PenaltyKicks HalfTime FanZone TheComeback TrophyNight CleanSheet WatchParty
space-launch|LiftOff CountdownClock LaunchPad RocketTrail OrbitNight MissionPatch SpaceFans BoosterLanding CleanBurn StarBound
sourdough|BreadTalk StarterLove OpenCrumb HomeBaking CrustyLoaf RyeFlour SlowRise ScoringDay FreshBread BakersHours DiscardPancakes
power-cut|CandleLight NoPower Torches Blackout FuseBox ColdDinner GridUpdate LightsOut NeighboursHelp BackOn
film-festival|OpeningNight ShortFilms RedSeats LateScreening FilmClub DirectorsTalk Subtitles IndieFilm Premiere PopcornTime
electric-bikes|BikeCommute EBikeLife CargoBike BatteryRange HillsAreEasy CityRide BikeToWork QuietRide ChargingPoint HelmetHair
school-strike|ClassBoycott StudentVoice NoSchoolToday CardboardSigns MarchTogether TeachersToo SchoolGates PeacefulMarch LunchBreakTalk TownHall
cherry-blossom|Hanami PinkTrees SpringWalk BlossomWatch PetalRain PicnicDay FullBloom RiverWalk SpringLight ParkBench
marathon|RunClub FinishLine LongRun RaceDay PersonalBest RunningShoes WaterStation Kilometre30 CarboNight CheerSquad
ramen|NoodleSoup SoftEgg Shoyu MisoBroth LateNightBowl ChiliOil NoodleShop SlurpLoudly BambooShoots BrothTalk
meteor-shower|ShootingStars DarkSky MakeAWish StarGazing NightSky Perseids BlanketAndTea SkyWatch MilkyWay LookUp
board-games|GameNight DiceRoll CardGames RuleBook Meeples StrategyGame OneMoreRound FamilyGames CoopGames SoreLoser
heat-wave|StayCool IcedTea HotNights Shade FanOn SummerHeat DrinkWater TooHot ColdShower OpenWindows
street-food|FoodTruck NightMarket Tacos Dumplings SpicySauce FoodStall Skewers EatLocal PaperPlate QueueWorthIt
book-fair|NewReads BookHaul SignedCopy ReadingList BookStall AuthorTalk Paperbacks ToBeRead IndiePress CoverLove
houseplants|Monstera PlantParent NewLeaf WateringDay PlantShelf Cuttings UrbanJungle TerracottaPots SunnySill FernFriday
train-delays|StuckAgain PlatformLife LateForWork ReplacementBus Commuting NextTrain WaitingRoom SignalFailure TicketTalk ColdPlatform
northern-lights|Aurora NightSky GreenSky DarkSky SkyWatch ColdFeet LongExposure SolarStorm StarGazing NorthernSky
basketball|BuzzerBeater Hoops FastBreak ThreePointer CourtTime Overtime Rebound HomeCourt TipOff BenchPlayer
jazz-night|LiveMusic DoubleBass LateSet Saxophone JamSession SmallStage BlueNotes BrushDrums SwingTime VinylLove
robot-vacuum|SmartHome StuckAgain CleanFloors DustBunnies CatRide TinyHelper MapTheRoom Chores LowBattery FloorPlan
hiking|TrailTime SummitDay MuddyBoots TrailMix Viewpoint ForestWalk RidgeLine MapAndCompass EarlyStart PackLight
chess-open|OpeningMoves Endgame RookLift Blitz KnightFork TimeTrouble ChessClub DrawOffer PawnStorm Checkmate
farmers-market|LocalVeg FreshHerbs Tomatoes MarketDay SeasonalFood GoatCheese AppleStall ToteBag HoneyJar EarlyBird
museum-night|LateOpening OldMasters Sculpture GalleryWalk ArtNight FreeEntry QuietRoom AudioGuide MuseumShop Dinosaurs
bike-lanes|SafeStreets BikeCommute CityCycling ProtectedLane BikeToWork RushHour TrafficCalming CycleMap BellRing StreetDesign
rain|Umbrella RainyDay WetShoes Puddles RainSounds GreySkies Raincoat StayIn Drizzle RainbowHunt
ocean-plastic|BeachCleanup Recycle RefillShop SeaLife NoStraws CleanSeas ReuseIt OceanDay LessPlastic Tides
pottery|Wheelthrown Glaze ClayDay KilnOpening HandMade StudioTime SlipAndScore MugShelf WonkyBowl Ceramics
ferry|SeaBreeze IslandLife DeckSeat Gulls HarbourView LastFerry SeaSick TicketOffice SlowTravel Lighthouses
cycling-tour|Peloton Breakaway HillClimb SprintFinish StageWin TeamCar YellowFlags Cobbles Descent RoadsideCheer
tea|TeaTime GreenTea OneMoreCup Teapot HerbalTea Biscuits EarlGrey LooseLeaf Kettle MilkFirst
short-stories|FlashFiction WritersLife FirstDraft AmReading OpenMic Zines WritingGroup LastLine TinyStory Anthology
library-hours|LibraryCard QuietPlease StudySpot SundayOpening BookReturn ReadingRoom LateFees LibraryLove OpenLater StoryTime
fog|MistyMorning LowVisibility FogHorn SoftLight MorningWalk Headlights GreyDay HiddenBridge ValleyMist SlowTraffic
solar-roofs|SolarPower CleanEnergy SunnyDay HomeBattery PanelDay GridTalk RoofWork EnergyBill Inverter SunHours
knitting|YarnStash SockClub Purl CableStitch WoolWeek HandMade Cardigan DroppedStitch MerinoLove OneMoreRow
camping|TentLife CampFire Marshmallows SleepingBag StarryNight CampStove LakeSide RainFly Headlamp WildBreakfast
volleyball|BeachVolley BigServe SpikeIt TeamSpirit BlockParty NetPlay DigDeep HomeGame SetPoint CourtTime
pastry|Croissant PuffPastry CinnamonRoll BakeryRun ButterLayers AlmondTart SundayTreat Eclairs SugarRush FruitTart
street-art|Murals SprayPaint WallArt StencilArt ColourTheCity PasteUp ArtWalk HiddenAlley BigWall ChalkArt
night-bus|LastBus NightShift EmptySeats LateRide BusStop UpperDeck AfterParty NightOwls CityLights NightLine
deep-sea|Anglerfish GlowInTheDark Submarine SeaFloor Hydrothermal SquidFacts PressureSuit DiveLog OceanDay StrangeFish
retro-games|PixelArt Cartridge HighScore Arcade EightBit SaveGame CoopMode OldConsole SpeedRun ChipTunes
city-pools|LapSwim MorningSwim PoolDay Goggles SummerPass ColdWater SwimClub DivingBoard TowelSpot LaneFour
beekeeping|HoneyJar HiveCheck Pollinators WildFlowers BeeSuit QueenBee HoneyHarvest SaveTheBees LavenderRow SmokerLit
lighthouse|SeaBreeze CoastPath FoghornBlues HarbourView Gulls RockyShore SpiralStairs KeepersHouse StormWatch CoastWalk
`;

// The other languages have theirs by category, in the order of CATEGORIES.
const BY_CATEGORY: Readonly<Record<Exclude<Lang, 'en'>, string>> = {
  es:
    'Desayuno Recetas SobremesaLarga CocinaCasera Merienda PanRecién BuenProvecho|' +
    'ViajeLento Ventanilla RutaLibre Maletas Escapada Andén MapaEnMano|' +
    'PartidoHoy Afición Remontada TiempoExtra Gol Equipo VamosTodos|' +
    'AgendaCultural NocheDeEstreno Artistas Lecturas EntradaLibre SalaLlena Cultura|' +
    'Paraguas CieloGris TiempoHoy Abrigo BuenClima FotoDelDía Pronóstico|' +
    'CieloNocturno Curiosidades CienciaParaTodos Telescopio Descubrimiento MirarArriba Laboratorio|' +
    'MiBarrio Vecinos Calles TransportePúblico VidaUrbana Plaza CiudadViva|' +
    'HechoEnCasa TardeEnCasa Manualidades SofáYManta NuevoHobby Domingo OrdenEnCasa',
  pt:
    'CaféDaManhã Receita ComidaCaseira LancheDaTarde PãoQuentinho Delícia|' +
    'Viagem Janela MochilaNasCostas Estrada FériasLogo Plataforma|' +
    'DiaDeJogo Torcida Virada Prorrogação VamosTime Golaço|' +
    'Agenda Estreia Artistas Leitura EntradaGratuita Cultura|' +
    'GuardaChuva CéuCinza TempoHoje Casaco FotoDoDia Previsão|' +
    'CéuNoturno Curiosidade CiênciaParaTodos Telescópio Descoberta OlhePraCima|' +
    'MeuBairro Vizinhos Ruas TransportePúblico VidaUrbana Praça|' +
    'FeitoEmCasa TardeEmCasa Artesanato SofáECobertor NovoHobby Domingo',
  fr:
    'PetitDéjeuner FaitMaison BonneTable Recette Goûter PainFrais|' +
    'VoyageLent CôtéFenêtre Bagages Escapade Quai CarteEnMain|' +
    'JourDeMatch Supporters Prolongation Remontada BelleÉquipe Tribune|' +
    'Sortie SoirDePremière Artistes Lecture EntréeLibre Culture|' +
    'Parapluie CielGris Météo Manteau PhotoDuJour Prévisions|' +
    'CielNocturne Curiosité SciencePourTous Télescope Découverte LevezLesYeux|' +
    'MonQuartier Voisins RuesCalmes TransportsEnCommun VieUrbaine Place|' +
    'FaitMain SoiréeMaison Bricolage CanapéPlaid NouveauLoisir Dimanche',
  it:
    'Colazione FattoInCasa Ricetta Merenda PaneFresco BuonAppetito|' +
    'ViaggioLento Finestrino Valigie GitaFuoriPorta Binario|' +
    'GiornoDiPartita Tifosi Rimonta Supplementari Squadra|' +
    'SerataInCittà Prima Artisti Letture IngressoLibero|' +
    'Ombrello CieloGrigio Meteo Cappotto FotoDelGiorno|' +
    'CieloNotturno Curiosità ScienzaPerTutti Telescopio Scoperta|' +
    'IlMioQuartiere Vicini Strade MezziPubblici Piazza|' +
    'FattoAMano SerataInCasa Bricolage DivanoECoperta Domenica',
  de:
    'Frühstück Hausgemacht Rezept Sonntagskuchen Brotzeit Kaffeeklatsch|' +
    'Fensterplatz Reisezeit Bahnsteig Koffer Ausflug|' +
    'Spieltag Fankurve Aufholjagd Verlängerung Mannschaft|' +
    'Premiere Ausgehtipp Kunst Lesestoff Freikarten|' +
    'Regenschirm Wetter Wolken Winterjacke Tagesfoto|' +
    'Nachthimmel Wissen Teleskop Entdeckung Sternwarte|' +
    'Nachbarschaft Stadtleben Nahverkehr Kiez Straßenleben|' +
    'Selbstgemacht Sofaabend Basteln Lieblingshobby Sonntag',
  tr:
    'Kahvaltı EvYapımı Tarif TazeEkmek AfiyetOlsun|' +
    'YavaşYolculuk CamKenarı Bavul Kaçamak Peron|' +
    'MaçGünü Taraftar GeriDönüş Uzatmalar Takım|' +
    'Etkinlik Gala Sanat OkumaListesi GirişÜcretsiz|' +
    'Şemsiye GriGökyüzü HavaDurumu Mont GününFotosu|' +
    'GeceGökyüzü Merak Teleskop Keşif YukarıBak|' +
    'Mahallem Komşular Sokaklar TopluTaşıma Meydan|' +
    'ElYapımı EvdeAkşam Hobi Battaniye Pazar',
  ar:
    'فطور وصفات طبخ_البيت خبز_طازج بالهناء|' +
    'سفر مقعد_النافذة حقيبة رحلة رصيف|' +
    'يوم_المباراة جمهور عودة_قوية وقت_إضافي فريق|' +
    'فعاليات عرض_أول فنون قراءة دخول_مجاني|' +
    'مظلة سماء_رمادية الطقس معطف صورة_اليوم|' +
    'سماء_الليل معلومة تلسكوب اكتشاف انظر_للأعلى|' +
    'حينا جيران شوارع نقل_عام ساحة|' +
    'صنع_يدوي مساء_في_البيت هواية أريكة الجمعة',
  ja:
    '朝ごはん 手作り レシピ おやつ 焼きたて ごちそうさま|' +
    'ゆっくり旅 窓側 旅行かばん 小旅行 ホーム|' +
    '試合の日 応援 逆転 延長戦 チーム|' +
    'お出かけ 初日 アート 読書メモ 入場無料|' +
    '傘 くもり空 天気 コート 今日の一枚|' +
    '夜空 豆知識 望遠鏡 発見 空を見上げて|' +
    'ご近所 まちの話 通り 公共交通 広場|' +
    'ハンドメイド おうち時間 趣味 毛布 日曜日',
  ko:
    '아침식사 홈메이드 레시피 간식 갓구운빵|' +
    '느린여행 창가자리 여행가방 나들이 승강장|' +
    '경기날 응원 역전 연장전 우리팀|' +
    '문화생활 개막 예술 독서기록 무료입장|' +
    '우산 흐린하늘 오늘날씨 외투 오늘의사진|' +
    '밤하늘 과학상식 망원경 발견 하늘보기|' +
    '우리동네 이웃 거리 대중교통 광장|' +
    '핸드메이드 집콕 취미 담요 일요일',
};

/** How many of the English hashtags of a topic other languages use too. */
const BORROWED = 4;

const ENGLISH: ReadonlyMap<string, readonly string[]> = new Map(
  BY_TOPIC.trim()
    .split('\n')
    .map((line) => {
      const [key = '', tags = ''] = line.split('|');
      return [key, tags.split(' ')];
    }),
);

function related(lang: Lang, tag: string): Related {
  const spaced = tag.replace(/_/g, ' ').replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ');
  return { tag, words: lang === 'de' ? spaced : spaced.toLocaleLowerCase(lang) };
}

/** By topic and language. A language begins its list at another place for each topic, so that topics differ. */
export const RELATED: readonly (readonly (readonly Related[])[])[] = TOPICS.map(({ key, category }, topic) => {
  const english = ENGLISH.get(key) ?? [];
  return LANGUAGES.map((lang) => {
    if (lang === 'en') return english.map((tag) => related(lang, tag));
    const own = (BY_CATEGORY[lang].split('|')[CATEGORIES.indexOf(category)] ?? '').split(' ');
    const turned = own.map((_, index) => own[(index + topic) % own.length] ?? '');
    return turned.map((tag) => related(lang, tag));
  });
});

/** English hashtags that other languages use too. */
export const BORROWED_TAGS: readonly (readonly string[])[] = TOPICS.map(({ key }) =>
  (ENGLISH.get(key) ?? []).slice(0, BORROWED),
);
