"""What Piccolo knows as one of its apps: our tables and the top-level folder of their migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

import migrations
from app.store.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="rochdale",
    migrations_folder_path=str(Path(migrations.__file__).parent),
    table_classes=list(TABLES),
)
