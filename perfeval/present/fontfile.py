"""Where the packaged font of the charts is, told without loading matplotlib."""

from pathlib import Path

import pylopdf_fonts_zh_cn

from perfeval.model.errors import FontError

FAMILY = "Noto Sans SC"


def font_file() -> Path:
    """The font's file; :class:`FontError` where it is missing, which is a broken installation."""
    path = Path(pylopdf_fonts_zh_cn.sans_path())
    if not path.is_file():
        raise FontError(f"图表所需的中文字体“{FAMILY}”缺失：没有文件 {path.name} → 请重新安装 pylopdf-fonts-zh-cn")
    return path
