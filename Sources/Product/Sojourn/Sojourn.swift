// What an application imports: `import Sojourn` gives the words, the seams, handlers, producers and the worker.
@_exported public import SojournCore
@_exported public import SojournModel
@_exported public import SojournWorker
