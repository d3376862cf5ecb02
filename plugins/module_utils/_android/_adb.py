# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation with a phone, by way of an adb server. The only file that knows adbutils.

Facts: a transport that dies in the middle of a command shows as an early end of the stream; the exit code and the
two output streams are told apart by the shell_v2 protocol only.
"""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import Address
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import (
    ConnectionLost,
    NoPermission,
    NoPhone,
    NotSupported,
    Offline,
    PhoneError,
    ServerMissing,
    SeveralPhones,
    StillBooting,
    TookTooLong,
    Unauthorised,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._clock import Clock, WallClock, look_until
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import MissingLibrary

try:
    import adbutils
except ImportError as error:
    ADBUTILS_MISSING: ImportError | None = error
else:
    ADBUTILS_MISSING = None

POLL_SECONDS = 0.2

TRANSIENT = (NoPhone, Offline, ConnectionLost, StillBooting)
"""What a phone that is switching its USB function, whose adbd restarts, or that reboots, looks like meanwhile."""

BOOT_COMPLETED = "getprop sys.boot_completed"
BOOTED = "1"
"""Set when all services have been told (ActivityManagerService.finishBooting of Android 8 to 16). adbd is there long
before, when ``dumpsys`` finds no service, says so on standard error and ends with 0."""

_FEATURE = "shell_v2"
_STDOUT, _STDERR, _EXIT = 1, 2, 3
_HEADER_BYTES = 5


@dataclass(frozen=True)
class Reply:
    """What a command on the phone said."""

    output: str
    errors: str
    code: int


class Phone:
    """One phone. Nothing is kept open between commands, so a phone that leaves and returns needs no repair here."""

    def __init__(self, address: Address, clock: Clock | None = None) -> None:
        if ADBUTILS_MISSING is not None:
            raise MissingLibrary("adbutils", "2.12", ADBUTILS_MISSING)
        self.address = address
        self.clock = clock or WallClock()
        self.drops = 0
        """How often the way to the phone was gone when something was asked of it."""
        self._client = _client(address)

    def shell(self, script: str, *, doing: str) -> Reply:
        """Run ``script`` in the phone's shell. Raises PhoneError; a failing script is told by the reply's code.

        A phone over the network is connected to first where the adb server does not know it, or lost touch with it.
        """
        try:
            return self._shell(script, doing)
        except (NoPhone, Offline):
            self.drops += 1
            if not self.address.over_network:
                raise
        if not self._connect(doing):
            try:
                return self._shell(script, doing)
            except (NoPhone, Offline):
                self.clock.sleep(POLL_SECONDS)
                self._connect(doing)
        try:
            return self._shell(script, doing)
        except NoPhone as error:
            raise self._lost(doing) from error  # it was there a moment ago

    def read(self, script: str, *, doing: str) -> Reply:
        """Run a ``script`` that changes nothing, and once more where the connection dropped in the middle of it.

        What keeps the tether on, on the phone or on a machine in the house, may switch the function at any moment.
        A phone that is not there is told from one that goes by another serial as far as others are known.
        """
        try:
            return self.shell(script, doing=doing)
        except NoPermission:
            raise
        except NoPhone as error:
            others = self._others()
            if others:
                error.cure = (
                    f"It knows {others} other{'s' if others > 1 else ''}: look whether serial (android_serial) is this "
                    f"phone's. {error.cure}"
                )
            raise
        except ConnectionLost:
            self.drops += 1
            self.await_return(doing=doing)
            return self.shell(script, doing=doing)

    def known_as(self) -> str | None:
        """How the adb server names it, also where no serial was given; None where that is unclear."""
        if self.address.serial:
            return self.address.serial
        try:
            there = [one.serial for one in self._client.list() if one.state == "device"]
        except (adbutils.AdbError, EOFError, OSError):
            return None
        return str(there[0]) if len(there) == 1 else None

    def _others(self) -> int:
        """How many phones the adb server knows besides the one whose serial was given; 0 where none was."""
        if not self.address.serial:
            return 0
        try:
            return sum(one.serial != self.address.serial for one in self._client.list())
        except (adbutils.AdbError, EOFError, OSError):
            return 0

    def shell_through_a_switch(self, script: str, *, doing: str) -> Reply | None:
        """Run a ``script`` that may drop the connection by what it does, as a USB function switch does.

        Then waits until the phone answers again, which is the same serial in either mode. None where the connection
        dropped before the script's end: read the state to know what came of it.
        """
        try:
            return self.shell(script, doing=doing)
        except TRANSIENT:
            self.drops += 1
            self.await_return(doing=doing)
            return None

    def await_return(self, *, doing: str) -> None:
        """Wait until the phone answers again and has booted. After the address's timeout raises ConnectionLost, or
        StillBooting."""

        def absence() -> PhoneError | None:
            try:
                reply = self.shell(BOOT_COMPLETED, doing=doing)
            except TRANSIENT as error:
                return error
            return None if reply.output.strip() == BOOTED else still_booting(doing)

        away = look_until(
            lambda seen: seen is None, absence, self.clock, seconds=self.address.timeout, pause=POLL_SECONDS
        )
        if isinstance(away, StillBooting):
            raise away
        if away is not None:
            raise ConnectionLost(
                f"The connection to the phone dropped and did not return within "
                f"{self.address.timeout:.0f} s ({away.happened})",
                doing=doing,
                cure="Look at the cable and at the phone, then run again, which is safe",
            ) from away

    def _connect(self, doing: str) -> bool:
        """Have the adb server connect to the phone. False where it says that it already is.

        As it was told to disconnect just before, that may be a connection which is on its way out.
        """
        try:
            self._client.disconnect(self.address.serial)  # else an offline one counts as connected already
            said = self._client.connect(self.address.serial)
        except (adbutils.AdbTimeout, TimeoutError) as error:
            raise self._refused("offline", doing) from error
        except (adbutils.AdbError, EOFError, OSError) as error:
            raise self._lost(doing) from error
        if "authenticate" in said:
            raise self._refused("unauthorized", doing)
        if not said.startswith(("connected", "already connected")):
            raise NoPhone(
                f"The adb server cannot reach the phone ({_without(self.address.serial, said)})",
                doing=doing,
                cure="It may be in the router's port by now. If not: look whether it is on and in the network, and "
                "listens for adb (`adb tcpip 5555` while it is on the computer's USB; a reboot of the phone ends that)",
            )
        return str(said).startswith("connected")

    def _shell(self, script: str, doing: str) -> Reply:
        choice = f"transport:{self.address.serial}" if self.address.serial else "transport-any"
        try:
            connection = self._client.make_connection()
            with closing(connection.conn):  # the connection's own close() sleeps 10 ms
                connection.send_command(f"host:{choice}")
                connection.check_okay()
                connection.send_command(f"shell,v2,raw:{script}")
                connection.check_okay()
                return _collect(connection)
        except adbutils.AdbTimeout as error:
            raise TookTooLong(
                f"The phone did not finish within {self.address.timeout:.0f} s",
                doing=doing,
                cure="Look whether it is awake and asks for something; a longer timeout can be given",
            ) from error
        except adbutils.AdbError as error:
            raise self._refused(str(error), doing) from error
        except (EOFError, OSError) as error:
            raise self._broken(doing) from error

    def _broken(self, doing: str) -> PhoneError:
        """Why a command was cut off: with the adb server, by a phone that no longer allows us, or with the cable.

        Raises ServerMissing.
        """
        _known, said = self._features()
        return self._refused(said, doing) if "unauthorized" in said else self._lost(doing)

    def _closed(self, doing: str) -> PhoneError:
        """``closed`` is how a phone without the protocol answers, and what is left of a request that met its cable's
        end. Raises ServerMissing."""
        known, said = self._features()
        if known and _FEATURE not in said:
            return NotSupported(
                "The phone does not speak adb's shell protocol 2",
                doing=doing,
                cure="It needs Android 7 or later",
            )
        return self._lost(doing) if known or not said or said == "closed" else self._refused(said, doing)

    def _features(self) -> tuple[bool, str]:
        """What the adb server knows of the phone's protocol, or False and why it knows nothing, in its words if any.

        Raises ServerMissing.
        """
        serial = self.address.serial
        try:
            connection = self._client.make_connection()
            with closing(connection.conn):
                connection.send_command(f"host-serial:{serial}:features" if serial else "host:features")
                connection.check_okay()
                return True, str(connection.read_string_block())
        except adbutils.AdbError as error:
            if not str(error).startswith("Unknown data"):  # which is how the library shows an early end
                return False, str(error)
        except (EOFError, OSError):
            pass
        # A server that is just ending still takes connections.
        self.clock.sleep(POLL_SECONDS)
        self._client.make_connection().conn.close()
        return False, ""

    def _refused(self, said: str, doing: str) -> PhoneError:
        if "unauthorized" in said:
            return Unauthorised(
                "The phone has not allowed this computer to debug it",
                doing=doing,
                cure="Unlock it and accept 'Allow USB debugging?' with 'Always allow' ticked; if it does not ask, "
                "revoke the authorisations in its developer options and plug it in again",
            )
        if "more than one" in said:
            return SeveralPhones(
                f"The adb server knows {len(self._client.list())} phones, and no serial was given",
                doing=doing,
                cure="Set serial to one of those that `adb devices` shows",
            )
        if "offline" in said or "connecting" in said or "authorizing" in said:
            return Offline(
                "The phone is known to the adb server and does not answer (offline)",
                doing=doing,
                cure="Replug its cable or toggle USB debugging on it; over the network, `adb disconnect` and run again",
            )
        if "not found" in said or "no devices" in said:
            return NoPhone(
                f"The adb server at {self.address.server_host}:{self.address.server_port} knows "
                + ("no such phone" if self.address.serial else "no phone"),
                doing=doing,
                cure="Plug the phone into this computer with USB debugging on, or give serial as host:port; "
                "`adb devices` shows what is known",
            )
        # Said in place of "not found" as well, whatever phone was asked for (adb's acquire_one_transport).
        if "insufficient permissions" in said:
            return NoPermission(
                "The adb server may not open a phone that is on its computer's USB, and knows "
                + ("none of this serial" if self.address.serial else "no other"),
                doing=doing,
                cure="Give that computer udev rules for phones (apt install android-sdk-platform-tools-common), put "
                "the adb server's user into the group plugdev, log in anew, `adb kill-server`, and replug the phone",
            )
        return self._closed(doing) if said == "closed" else self._broken(doing)

    def _lost(self, doing: str) -> ConnectionLost:
        return ConnectionLost(
            "The connection to the phone dropped",
            doing=doing,
            cure="Look at the cable, then run again, which is safe",
        )


def still_booting(doing: str) -> StillBooting:
    """The error for a phone of which :data:`BOOT_COMPLETED` does not say :data:`BOOTED`."""
    return StillBooting(
        "The phone has not finished booting",
        doing=doing,
        cure="Run again in a minute; if it stays, look whether its screen asks for something",
    )


def _without(serial: str | None, said: str) -> str:
    """The adb server's words, but for which phone they are about."""
    return said.replace(serial, "it").replace("'it'", "it") if serial else said


def _client(address: Address) -> adbutils.AdbClient:
    """The library's client, kept from starting an adb server: a stray one would outlive us and may hold another key."""

    class Connection(adbutils.AdbConnection):  # type: ignore[misc]  # adbutils ships no types
        def _safe_connect(self) -> socket.socket:
            return socket.create_connection((address.server_host, address.server_port), address.timeout)

    class Client(adbutils.AdbClient):  # type: ignore[misc]
        def make_connection(self, timeout: float | None = None) -> adbutils.AdbConnection:
            try:
                connection = Connection(self.host, self.port)
            except (adbutils.AdbError, OSError) as error:
                raise ServerMissing(
                    f"No adb server answers at {self.host}:{self.port} ({error})",
                    cure="Start one with `adb start-server` (apt install adb, or the adb in adbutils' wheel), as the "
                    "user whose key the phone has allowed",
                ) from error
            connection.conn.settimeout(timeout or address.timeout)
            return connection

    return Client(address.server_host, address.server_port)


def _collect(connection: adbutils.AdbConnection) -> Reply:
    """Read shell_v2 packets (one byte of kind, four of length) up to the exit code."""
    streams = {_STDOUT: bytearray(), _STDERR: bytearray()}
    while True:
        header = connection.read_exact(_HEADER_BYTES)
        kind, length = header[0], int.from_bytes(header[1:], "little")
        data = connection.read_exact(length)
        if kind == _EXIT:
            return Reply(streams[_STDOUT].decode(errors="replace"), streams[_STDERR].decode(errors="replace"), data[0])
        if kind in streams:
            streams[kind] += data
