import Registry
import Scheduling

extension SQLiteStore: TrackingStore {}
extension SQLiteStore: ModelRegistry {}
extension SQLiteStore: LoggedModelStore {}
extension SQLiteStore: RunStore {}
extension SQLiteStore: RunHistory {}
extension SQLiteStore: NotificationOutbox {}
