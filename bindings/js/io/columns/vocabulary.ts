/**
 * The words of titles, in lower case without accents. Of several columns for a role, the one with the larger weight is taken.
 * Languages: English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Chinese, Japanese, Korean.
 */

export type Weights = ReadonlyMap<string, number>;

function weights(table: { [words: string]: number }): Weights {
  return new Map(Object.entries(table).flatMap(([words, weight]) => words.split(' ').map((word) => [word, weight])));
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

export const USER_WORDS = weights({
  'user users usr uid userid username': 100,
  'benutzer nutzer utilisateur utilisatrice usuario usuaria utilizador utente gebruiker uzytkownik': 100,
  'пользователь пользователя юзер юзера 用户 使用者 ユーザー ユーザ 사용자 유저': 100,
  'customer customers cust client member reviewer rater visitor person people subscriber buyer shopper consumer': 90,
  'patron borrower listener viewer reader gamer steamid student learner guest owner follower respondent': 88,
  'kunde kunden mitglied besucher kaufer leser membre visiteur abonne acheteur cliente miembro visitante comprador': 90,
  'socio membro assinante abbonato klant lid bezoeker klient клиент клиента покупатель покупателя': 90,
  '客户 会员 顾客 买家 顧客 会員 利用者 고객 회원': 90,
  'account accounts profile acct konto compte cuenta conta 账号 账户 アカウント': 80,
  'email mail': 75,
  'who 谁': 70,
  'cookie device household phone': 45,
  'session sessions playlist visit sitzung sesion sessao sessione sessie sesja сессия 会话 セッション': 40,
  'basket invoice receipt transaction order cart': 10,
});

export const ITEM_WORDS = weights({
  'item items iid itemid 物品 アイテム 아이템': 100,
  'product products sku produkt produit producto produto prodotto товар товара 商品 产品 製品 상품': 95,
  'movie movies film films pelicula filme фильм фильма 电影 影片 映画 영화': 92,
  'book books isbn buch livre libro livro boek ksiazka книга книги 图书 书 书籍 本 책': 92,
  'track tracks song songs lied chanson cancion musica canzone brano 歌曲 曲': 92,
  'asin ean upc gtin game games app anime manga spiel jeu juego jogo gioco spel gra игра игры 游戏 ゲーム 게임': 90,
  'mbid artid appid recipe video show series episode podcast course joke beer wine restaurant hotel': 90,
  'article articles artikel articulo artigo articolo towar предмет предмета ware news story paper 作品': 88,
  'stock listing merchandise goods gericht plat receta rezept serie': 86,
  'business venue poi place attraction toy dish coffee tea perfume program programme': 80,
  'album albums 专辑 アルバム': 72,
  'artist artists band kunstler kunstlerin artiste artista artiest artysta 歌手 アーティスト': 70,
  'content post photo coupon voucher offer document doc question subreddit repo repository topic channel creator stream job': 60,
  'location merchant store shop vendor 店铺': 50,
  'what object thing': 45,
  'title titel titre titulo titolo tytul название 书名 片名 标题 タイトル 제목': 40,
  page: 20,
});

/** Someone's opinion. */
const OPINIONS: { [words: string]: number } = {
  'rating ratings bewertung valoracion calificacion avaliacao classificacao valutazione beoordeling': 100,
  'waardering ocena оценка рейтинг 评分 打分 評価 評点 평점 별점': 100,
  'score scores stars star note sterne etoiles puntuacion nota estrellas estrelas pontuacao punteggio stelle': 90,
  'sterren cijfer gwiazdki балл звезды 分数 星级 スコア 星 점수': 90,
  'overall grade rate rated 등급': 86,
  'points punkte puntos pontos punti punkty vote voto stimme preference preferences pref enjoyment evaluation': 80,
  'value feedback strength weight gewicht poids peso': 60,
};

/** How much or how often. */
const AMOUNTS: { [words: string]: number } = {
  'plays playcount listens scrobbles streams listencount ecoutes reproducciones': 56,
  'quantity qty quantities menge anzahl quantite cantidad quantidade quantita hoeveelheid aantal ilosc': 54,
  'количество 数量 次数 回数 수량': 54,
  'count counts times frequency freq clicks views purchases visits orders checkins interactions': 50,
  'ratio percent percentage completion progress': 46,
  'hours stunden heures horas ore uren playtime watchtime часы': 44,
  'duration dwell minutes seconds time dauer duree': 40,
};

export const OPINION_WORDS = weights(OPINIONS);
export const RATING_WORDS = weights({ ...OPINIONS, ...AMOUNTS });

/** Words that mean a rating only together with one of the words of use: watch_ratio, play_duration, minutes_watched. */
export const USE_DEPENDENT = words(
  'ratio percent percentage completion progress duration dwell minutes seconds time times dauer duree',
);
export const USE_WORDS = words(
  'watch watched watching play played playing listen listened listening view viewed viewing read reading spent dwell used',
);

/** A column with one of these words is neither a rating nor an event. */
export const NEVER_RATING = words(
  [
    'price prices amount cost costs revenue sales discount fee tax salary income budget currency profit margin',
    'age zip zipcode postal postcode gender sex country city state region language lang address',
    'category categories cat genre genres subgenre tag tags class department section segment brand',
    'lat latitude lon lng long longitude geo x y z day month year week weekday hour minute date',
    'page pages size version helpful helpfulness unhelpful verified avg average mean median std stddev variance',
    'predicted prediction expected estimated est baseline numerator denominator rank position sequence status',
    'comment comments text summary body description imdb db tmdb critic critics metacritic metascore',
    'meta rotten tomatoes community global public birth follower followers',
    'preis betrag kosten alter plz postleitzahl kategorie monat jahr stunde seite summe geschlecht land stadt',
    'prix montant cout categorie jour mois annee heure taille sexe pays ville moyenne moyen',
    'precio importe costo coste edad categoria dia mes ano pagina genero pais ciudad sexo promedio media',
    'preco valor custo idade cep cidade prezzo importo eta giorno mese anno ora cap citta',
    'prijs bedrag leeftijd dag maand jaar gemiddelde cena kwota wiek kategoria dzien miesiac rok srednia',
    'цена стоимость сумма возраст категория день месяц год страна город пол жанр средняя средний',
    '价格 金额 单价 年龄 类别 分类 类目 标签 年 月 日 性别 城市 平均 価格 金額 単価 年齢 カテゴリ カテゴリー ジャンル 性別',
    '가격 나이 성별 평균',
  ].join(' '),
);

/** A total of opinions is that of an item. */
export const TOTAL_WORDS = words('total totals sum num n nb no nr count counts number max min');
/** What is counted of an item, not of a user: rating_count, num_reviews. */
export const COUNTED_OF_ITEMS = words(
  'rating ratings review reviews vote votes score scores star stars comment comments user users member members like likes item items',
);

export const TIME_WORDS = weights({
  'timestamp timestamps datetime unixtime unix epoch stamp 时间戳 日時': 100,
  'ts time zeit heure hora ora czas время 时间 時間 時刻 시간 when instant': 90,
  'date datum fecha data дата 日期 日付 날짜 zeitpunkt zeitstempel horodatage': 88,
  'at on': 80,
  created: 70,
});

/** Times of something else than the rating. */
export const OTHER_TIMES = words(
  'release released birth birthday publication published publish pub signup registration registered registration join joined expire expires expiry death premiere geburt sortie naissance nacimiento nascimento nascita lanzamiento estreno duration',
);

export const EVENT_WORDS = weights({
  'event events ereignis evenement evento событие 事件 イベント 이벤트': 100,
  'action actions behavior behaviour interaction activity aktion verhalten accion acao azione actie akcja': 95,
  'действие 行为 行為 动作 行動 操作 행동': 95,
  'type typ tipo тип 类型 種類 유형': 50,
});
/** Words beside `type` with which it is an event. */
export const EVENT_TYPES = words('event action behavior behaviour interaction activity feedback log 行为 行為 事件');

/** Titles of columns of true and false, or 1 and 0. */
export const FLAG_WORDS = weights({
  'purchased purchase bought ordered gekauft achete comprado comprou acquistato gekocht kupione куплено 购买 購入 구매': 66,
  'like liked likes favorite favourite favorited favourited fav loved recommended recommend recommends 点赞 收藏 いいね 좋아요': 64,
  'gefallt aime gusta curtiu piace нравится лайк thumbs thumb positive interested wishlist saved bookmarked': 64,
  'watched viewed played listened read seen visited attended taken borrowed gesehen gelesen vu lu visto leido lido': 62,
  'consumed completed finished owned converted conversion used enrolled подписан просмотрено 观看': 62,
  'click clicked clicks 点击 interaction interacted label target relevant relevance': 58,
});

/** What events are called in files that name none of their columns. */
export const EVENT_KINDS = words(
  [
    'view views viewed pageview page_view detail click clicks clicked pv impression imp show exposure open',
    'cart addtocart add_to_cart add-to-cart basket add remove_from_cart removefromcart begin_checkout checkout',
    'buy purchase purchased order transaction bought sale conversion pay payment',
    'fav favorite favourite like dislike love wish wishlist collect bookmark save share follow comment reply',
    'play skip listen watch stream download install rate rating review search borrow return apply visit read',
    'event_view event_click event_purchase view_item select_item',
  ].join(' '),
);

/** Words after which a title is the key of its noun. */
export const KEY_WORDS = words(
  'id ids key keys code codes no nr num number uuid guid uri pk fk idx index hash ref nummer numero numer номер код ид ключ kod codigo codice identifier identifiant 编号 番号 コード 号',
);
export const NAME_WORDS = words(
  'name names nom nombre nome naam nazwa имя 名 名称 이름 label login handle nick nickname',
);
/** Words that say nothing of a role. */
export const NEUTRAL_WORDS = words(
  'the raw final new original orig int str num unique encoded enc anon anonymous anonymized event review reviews my your own user item explicit implicit normalized std given of de du do da di del des der la le les el von van per x y',
);
export const PARTICLES = words('de du do da di del des der of la le les el von van');
/** Words of languages in which the noun comes first: nota usuario, fecha compra. */
export const HEAD_FIRST = words(
  'id code codigo codice код ид nota note puntuacion calificacion valoracion avaliacao pontuacao fecha hora data voto punteggio valutazione nom nombre nome titre titulo titolo оценка дата время название',
);
