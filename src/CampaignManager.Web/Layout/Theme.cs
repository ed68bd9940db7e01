using MudBlazor;

namespace CampaignManager.Web.Layout;

/// <summary>The one theme: neutral surfaces, one accent, system fonts.</summary>
public static class Theme
{
    public static MudTheme Value { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0F766E",
            Secondary = "#475569",
            Tertiary = "#0072B2",
            Error = "#B3261E",
            Warning = "#9A6700",
            Success = "#0F766E",
            Info = "#0072B2",
            Background = "#F6F7F8",
            Surface = "#FFFFFF",
            AppbarBackground = "#FFFFFF",
            AppbarText = "#1B1F23",
            DrawerBackground = "#FFFFFF",
            DrawerText = "#3A424A",
            DrawerIcon = "#5B6670",
            TextPrimary = "#1B1F23",
            TextSecondary = "#55606B",
            LinesDefault = "#E3E6E9",
            TableLines = "#E9ECEF",
            Divider = "#E3E6E9",
            ActionDefault = "#55606B",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#2DD4BF",
            PrimaryContrastText = "#06201D",
            Secondary = "#94A3B8",
            Tertiary = "#56B4E9",
            Error = "#FF8A80",
            Warning = "#E3B341",
            Success = "#2DD4BF",
            SuccessContrastText = "#06201D",
            Info = "#56B4E9",
            Background = "#14171A",
            Surface = "#1C2024",
            AppbarBackground = "#1C2024",
            AppbarText = "#E6E9EC",
            DrawerBackground = "#1C2024",
            DrawerText = "#C9CFD5",
            DrawerIcon = "#98A2AC",
            TextPrimary = "#E6E9EC",
            TextSecondary = "#A3ADB7",
            LinesDefault = "#2E343A",
            TableLines = "#2A3036",
            Divider = "#2E343A",
            ActionDefault = "#A3ADB7",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", DrawerWidthLeft = "232px", AppbarHeight = "56px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = ".875rem", LineHeight = "1.5" },
            H1 = new H1Typography { FontFamily = Fonts, FontSize = "1.5rem", FontWeight = "600", LineHeight = "1.3" },
            H2 = new H2Typography { FontFamily = Fonts, FontSize = "1.125rem", FontWeight = "600", LineHeight = "1.4" },
            H3 = new H3Typography { FontFamily = Fonts, FontSize = "1rem", FontWeight = "600", LineHeight = "1.4" },
            Button = new ButtonTypography { FontFamily = Fonts, TextTransform = "none", FontWeight = "600", FontSize = ".875rem" },
        },
    };

    private static string[] Fonts => ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];
}
