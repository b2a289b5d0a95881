import Queueing
import SojournModel
import Testing

@testable import SojournPromise

@Suite("The book of quotes") struct QuoteBookTests {
    private let quote = WaitQuote(mean: 1, spread: 1)

    private func id(_ number: Int) -> TaskID { TaskID(high: 1, low: UInt64(number)) }

    @Test func tellsEachQuoteOnce() {
        var book = QuoteBook()
        book.note(id(1), quote, bound: 3, at: 0)
        #expect(book.take(id(1))?.bound == 3)
        #expect(book.take(id(1)) == nil && book.take(id(2)) == nil)
    }

    @Test func takesNoMoreThanItHasRoomFor() {
        var book = QuoteBook(capacity: 2)
        for number in 0..<3 { book.note(id(number), quote, bound: 1, at: 0) }
        #expect(book.count == 2 && book.take(id(2)) == nil)
    }

    @Test func forgetsAllWhereNobodyWaits() {
        var book = QuoteBook()
        book.note(id(1), quote, bound: 1, at: 0)
        book.tidy(isEmpty: true, limit: 1, at: 0)
        #expect(book.count == 0)
    }

    /// Tasks that others hand out are never heard of again: they must not fill the book for good.
    @Test func makesRoomForNewOnes() {
        var book = QuoteBook(capacity: 4)
        for number in 0..<2 { book.note(id(number), quote, bound: 1, at: 0) }
        book.tidy(isEmpty: false, limit: 2, at: 1_000)
        #expect(book.count == 2, "half full is no trouble")
        book.note(id(2), quote, bound: 500, at: 0)
        book.note(id(3), quote, bound: 1, at: 995)
        book.tidy(isEmpty: false, limit: 2, at: 1_000)
        #expect(book.take(id(0)) == nil && book.take(id(1)) == nil)
        #expect(book.take(id(2)) != nil, "it may still be on time by what it was told")
        #expect(book.take(id(3)) != nil)
    }
}
