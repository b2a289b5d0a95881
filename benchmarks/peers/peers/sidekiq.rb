# /// script
# [tool.peer]
# name = "Sidekiq"
# store = "redis"
# commands = { sidekiq = "ruby-sidekiq", ruby = "ruby" }
# version = ["sidekiq", "--version"]
# worker = ["sidekiq", "-r", "{peers}/sidekiq.rb", "-c", "25", "-e", "production"]
# setting = "25 threads, basic fetch, log at warnings"
# lost = "yes: basic fetch has taken it off Redis; `super_fetch` of the paid version keeps it"
# speed = { single = 6000, bulk = 90000, drain = 5000 }
# rate = 1000
# ///

require_relative "../harness/peer"
require "sidekiq"

COUNTER = Harness::Counter.new

Sidekiq.configure_client { |config| config.redis = { url: ENV.fetch("REDIS_URL") } }
Sidekiq.configure_server { |config| config.redis = { url: ENV.fetch("REDIS_URL") } }
Sidekiq.logger.level = Logger::WARN

# Does nothing.
class Noop
  include Sidekiq::Worker

  def perform(payload) = COUNTER.handled(payload)
end

# How the driver enqueues.
module Peer
  def self.enqueue(payload) = Noop.perform_async(payload)
  def self.enqueue_many(payloads) = Sidekiq::Client.push_bulk("class" => Noop, "args" => payloads.map { [_1] })
end

Harness.main(Peer, __FILE__)
