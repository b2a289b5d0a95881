/// A small dense matrix, row by row; just what matrix-geometric solutions need.
struct Matrix {
    let rows: Int
    let columns: Int
    var values: [Double]

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        values = Array(repeating: 0, count: rows * columns)
    }

    static func identity(_ size: Int) -> Matrix {
        var result = Matrix(rows: size, columns: size)
        for index in 0..<size { result[index, index] = 1 }
        return result
    }

    subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    static func + (left: Matrix, right: Matrix) -> Matrix {
        var result = left
        for index in result.values.indices { result.values[index] += right.values[index] }
        return result
    }

    static func - (left: Matrix, right: Matrix) -> Matrix { left + -1 * right }

    static func * (factor: Double, right: Matrix) -> Matrix {
        var result = right
        for index in result.values.indices { result.values[index] *= factor }
        return result
    }

    static func * (left: Matrix, right: Matrix) -> Matrix {
        var result = Matrix(rows: left.rows, columns: right.columns)
        for row in 0..<left.rows {
            for inner in 0..<left.columns {
                let factor = left[row, inner]
                if factor == 0 { continue }
                for column in 0..<right.columns { result[row, column] += factor * right[inner, column] }
            }
        }
        return result
    }

    /// Gauss–Jordan with the largest pivot of each column; the matrices here are never singular.
    var inverse: Matrix {
        var left = self
        var right = Matrix.identity(rows)
        for column in 0..<rows {
            let pivot = (column..<rows).max { abs(left[$0, column]) < abs(left[$1, column]) } ?? column
            left.swapRows(pivot, column)
            right.swapRows(pivot, column)
            let scale = 1 / left[column, column]
            left.scaleRow(column, by: scale)
            right.scaleRow(column, by: scale)
            for row in 0..<rows where row != column && left[row, column] != 0 {
                let factor = left[row, column]
                left.subtract(factor, times: column, from: row)
                right.subtract(factor, times: column, from: row)
            }
        }
        return right
    }

    private mutating func swapRows(_ first: Int, _ second: Int) {
        guard first != second else { return }
        for column in 0..<columns { values.swapAt(first * columns + column, second * columns + column) }
    }

    private mutating func scaleRow(_ row: Int, by factor: Double) {
        for column in 0..<columns { self[row, column] *= factor }
    }

    private mutating func subtract(_ factor: Double, times source: Int, from row: Int) {
        for column in 0..<columns { self[row, column] -= factor * self[source, column] }
    }
}
