import AsyncHTTPClient
import Subprocess
import Crypto
