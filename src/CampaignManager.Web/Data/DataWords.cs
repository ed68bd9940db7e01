using System.Globalization;
using CampaignManager.Application.Imports;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Data;

/// <summary>The data pages' codes and figures in the reader's words.</summary>
public sealed class DataWords(IStringLocalizer<DataTexts> texts)
{
    private static CultureInfo Culture => CultureInfo.CurrentCulture;

    public string Reason(string code) => texts["Reason." + code] is { ResourceNotFound: false } text ? text : texts["Reason.other"];

    public string State(ImportState state) => texts["State." + state];

    public string Table(string table) => texts["Table." + table];

    public string Warning(ImportWarning warning) => texts["Warning." + warning.Code, warning.Subject, warning.Detail ?? ""];

    public string Delimiter(char delimiter) => texts["Delimiter." + delimiter switch { ',' => "comma", ';' => "semicolon", '\t' => "tab", _ => "bar" }];

    public static string Count(long number) => number.ToString("N0", Culture);

    public static string Percent(double share, int digits = 1) => (100 * share).ToString("N" + digits.ToString(CultureInfo.InvariantCulture), Culture) + "%";

    /// <summary>Bytes in the unit that leaves a short figure.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        double size = bytes;
        var unit = 0;
        for (; size >= 1000 && unit < units.Length - 1; unit++)
            size /= 1000;
        return $"{size.ToString(unit == 0 || size >= 100 ? "N0" : "N1", Culture)} {units[unit]}";
    }
}
