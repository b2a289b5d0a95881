# The same for peers in Ruby as handler.py and produce.py: counts in the worker, enqueues for the driver.
require "json"

module Harness
  BATCH = 1_000
  WARM_UP = 1_000

  def self.now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  def self.nanoseconds = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)

  # 100 bytes that begin with the time, so that the worker can say how long the task waited.
  def self.payload = format("%020d", nanoseconds).ljust(100, "x")

  # Counts tasks in the worker itself: asking a store how many are left would disturb what is measured.
  class Counter
    def initialize
      @folder = ENV.fetch("PEER_REPORTS", ".")
      @warm_up = ENV.fetch("PEER_WARM_UP", "0").to_i
      @expected = ENV.fetch("PEER_EXPECTED", "0").to_i
      @lock = Mutex.new
      @number = 0
      @waits = []
    end

    def handled(payload)
      now = Harness.nanoseconds
      @lock.synchronize do
        @number += 1
        @waits << (now - payload[0, 20].to_i) if @number > @warm_up
        @start = now if @number == @warm_up
        write("first", {}) if @number == 1
        write("last", summary(now)) if @number == @expected
      end
    end

    private

    def summary(now)
      waits = @waits.sort
      at = ->(share) { waits[[waits.size - 1, (waits.size * share).to_i].min] / 1e6 }
      { tasks: @expected - @warm_up, seconds: (now - @start) / 1e9, p50_ms: at.(0.5), p99_ms: at.(0.99) }
    end

    # A file that appears whole, so that the driver never reads half of it.
    def write(name, content)
      File.write("#{@folder}/#{name}.draft", JSON.generate(content))
      File.rename("#{@folder}/#{name}.draft", "#{@folder}/#{name}.json")
    end
  end

  def self.single(peer, count) = count.times { peer.enqueue(payload) }

  def self.bulk(peer, count)
    0.step(count - 1, BATCH) { |done| peer.enqueue_many(Array.new([BATCH, count - done].min) { payload }) }
  end

  # A task at each of its times.
  def self.steady(peer, count, rate)
    start = now
    count.times do |index|
      pause = start + index / rate - now
      sleep(pause) if pause > 0
      peer.enqueue(payload)
    end
  end

  # The speed after a warm-up: connections open, caches fill.
  def self.timed(how, peer, count)
    send(how, peer, [WARM_UP, count / 10].min)
    start = now
    send(how, peer, count)
    { tasks_per_second: count / (now - start) }
  end

  def self.act(peer, what, count, rate)
    case what
    when "single", "bulk" then timed(what, peer, count)
    when "fill" then bulk(peer, count)
    when "steady" then steady(peer, count, rate)
    end
  end

  # Called at the end of a peer's file; does nothing where a worker has loaded that file.
  def self.main(peer, file)
    return unless file == $PROGRAM_NAME

    what, count, rate = ARGV
    puts JSON.generate(act(peer, what, count.to_i, rate.to_f) || {})
  end
end
