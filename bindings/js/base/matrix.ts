/** Row-major: row r begins at `data[r · columns]`. */
export interface Matrix {
  rows: number;
  columns: number;
  data: Float32Array;
}
