/** Which column of a person's list is which. */
import type { Table } from './table.js';

/** What a column of a list is. */
export type ListRole =
  | 'title'
  | 'originalTitle'
  | 'year'
  | 'author'
  | 'rating'
  | 'date'
  | 'imdb'
  | 'tmdb'
  | 'isbn'
  | 'isbn13'
  | 'goodreads'
  | 'item'
  | 'user'
  | 'status'
  | 'type';

export type ListColumns = { [role in ListRole]?: number };

/** Names in lower case, letters and digits only; the first that is there is taken. */
const NAMES: { [role in ListRole]: string[] } = {
  title: words(
    'title name movietitle filmtitle booktitle gametitle titlename moviename filmname primarytitle movie film show book game moviestitle titel filmtitel buchtitel titre titredufilm titulo titolo nombre nom naam nazwa tytul tytuł titul cim otsikko tittel pelicula filme livre livro libro buch 标题 片名 电影 书名 名称 タイトル 作品名 제목 название фильм',
  ),
  originalTitle: words(
    'originaltitle originaltitel titreoriginal titulooriginal titolooriginale originalname orginaltitel',
  ),
  year: words(
    'year releaseyear productionyear yearreleased movieyear filmyear originalpublicationyear publicationyear yearpublished published jahr erscheinungsjahr annee anneedesortie ano anno jaar rok ar aar vuosi ev 年份 年 год 년도 releasedate released',
  ),
  author: words(
    'author authors primaryauthor bookauthor authorname writer autor autoren verfasser auteur autore auteurs forfatter 作者 автор',
  ),
  rating: words(
    'yourrating myrating yourated userrating personalrating ratingbyyou myscore mystars myvote yourscore rating rating10 starrating starvalue stars star score vote grade mark points ratings meinebewertung bewertung sterne wertung punkte manote note etoiles minota minotas calificacion puntuacion valoracion nota voto miovoto avaliacao ocena mojaocena hodnoceni ocenka waardering beoordeling cijfer betyg karakter liked like 我的评分 评分 評価 평점 оценка',
  ),
  date: words(
    'daterated ratedat watcheddate watchedat lastwatchedat dateread lastdateread datewatched date dateadded timestamp ratingdate created createdat updatedat starttime lastwatched addedat datum date fecha data дата 日期 创建时间',
  ),
  imdb: words('const tconst imdbid imdb imdburl imdblink'),
  tmdb: words('tmdbid tmdb themoviedbid'),
  isbn: words('isbn isbnuid isbn10'),
  isbn13: words('isbn13'),
  goodreads: words('goodreadsid goodreadsbookid'),
  item: words('movieid itemid filmid movielensid bookid gameid'),
  user: words('user userid username uid member memberid customer customerid reviewer reviewerid profilename accountid'),
  status: words('exclusiveshelf readstatus status watchstatus watchlist shelf'),
  type: words('titletype type mediatype kind supplementalvideotype'),
};

function words(list: string): string[] {
  return list.split(' ');
}

/** The columns behind these are not looked at. */
const MOST_COLUMNS = 200;

/** A name in lower case without accents, spaces and signs; a path keeps its dots. */
function normal(name: string): string {
  return name
    .slice(0, 100)
    .replace(/\(.*\)/u, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}.]/gu, '');
}

/** The columns that a header names. */
export function columnsOfHeader(cells: readonly string[]): ListColumns {
  const names = cells.slice(0, MOST_COLUMNS).map(normal);
  const found: ListColumns = {};
  for (const role of Object.keys(NAMES) as ListRole[]) {
    const column = columnNamed(names, NAMES[role], Object.values(found));
    if (column >= 0) found[role] = column;
  }
  return found;
}

function columnNamed(names: readonly string[], known: readonly string[], taken: readonly number[]): number {
  const isFree = (column: number) => column >= 0 && !taken.includes(column);
  for (const name of known) {
    const column = names.indexOf(name);
    if (isFree(column)) return column;
  }
  // The last step of a path, as in ids.imdb.
  const last = names.map((name) => name.slice(name.lastIndexOf('.') + 1));
  for (const name of known) {
    const column = last.indexOf(name);
    if (isFree(column)) return column;
  }
  return -1;
}

/** The row of the first ones that is the header, by its names: lists of Letterboxd have lines about the list before it. */
export function headerOf({ rows, format }: Table): { index: number; columns: ListColumns } | undefined {
  let found: { index: number; columns: ListColumns } | undefined;
  for (const [index, { cells }] of rows.slice(0, 12).entries()) {
    const columns = columnsOfHeader(cells);
    const hasNames = columns.title !== undefined || columns.item !== undefined || columns.imdb !== undefined;
    // A title may be a word like these itself; the first row of JSON has names in any case.
    const isHeader = hasNames && (format === 'json' ? index === 0 : Object.keys(columns).length >= 2);
    if (isHeader || (index === 0 && cells.length === 1 && columns.title !== undefined)) found = { index, columns };
  }
  return found;
}
