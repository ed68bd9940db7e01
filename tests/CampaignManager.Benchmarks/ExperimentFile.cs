using System.Globalization;
using CampaignManager.Application.Lake;

namespace CampaignManager.Benchmarks;

/// <summary>
/// An experiment's file as a shop would upload it, of 20 standard normal features and the effects of <see cref="UpliftSpeedFile"/>; made by DuckDB out of hashes of row
/// and column, so that it is the same on every machine.
/// </summary>
internal static class ExperimentFile
{
    public const int Width = UpliftSpeedFile.Width;

    public const string Treatment = "mailed", Outcome = "bought", Customer = "customer";

    public static void Write(DataLake lake, string path, long rows)
    {
        using var connection = lake.Open();
        using var command = connection.CreateCommand();
        static string Uniform(int stream) => string.Create(CultureInfo.InvariantCulture, $"((hash(i * 64 + {stream}) >> 11)::DOUBLE + 0.5) / 9007199254740992.0");
        static string Clamped(string value) => $"greatest(-2, least(2, {value}))";
        var features = Enumerable.Range(0, Width).Select(j => string.Create(
            CultureInfo.InvariantCulture, $"round(sqrt(-2 * ln({Uniform(2 * j)})) * cos(6.283185307179586 * {Uniform(2 * j + 1)}), 4) AS f{j}"));
        command.CommandText = $"""
            COPY (
                SELECT 'C-' || i AS {Customer}, t AS {Treatment}, ({Uniform(61)} < p + CASE WHEN t = 1 THEN gain ELSE 0 END)::INT AS {Outcome}, {string.Join(", ", Enumerable.Range(0, Width).Select(j => $"f{j}"))}
                FROM (
                    SELECT *, ({Uniform(60)} < 0.5)::INT AS t, 1 / (1 + exp(2.2 - 0.4 * {Clamped("f2")} - 0.3 * {Clamped("f3 * f4")})) AS p,
                           CASE WHEN f0 > 0 THEN 0.03 ELSE 0 END + CASE WHEN f1 > 0.5 THEN 0.03 ELSE 0 END + 0.005 * {Clamped("f5")} + 0.005 AS gain
                    FROM (SELECT i, {string.Join(", ", features)} FROM range({rows.ToString(CultureInfo.InvariantCulture)}) r(i))))
            TO '{path}' (FORMAT csv, HEADER)
            """;
        command.ExecuteNonQuery();
    }
}
