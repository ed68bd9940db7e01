using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences;
using DuckDB.NET.Data;

namespace CampaignManager.Application.FirstSteps;

/// <summary>Customers of one fifth of recency and one of frequency.</summary>
/// <param name="Recency">1..5; 5 ordered last.</param>
/// <param name="Frequency">1..5; 5 ordered most often.</param>
/// <param name="SpentShare">Their share of all that was ever spent, 0..1.</param>
public sealed record RfmCell(int Recency, int Frequency, long Customers, double SpentShare);

/// <summary>Everybody who ever ordered, by fifths (<see cref="Rfm"/>), as of the last computation of features.</summary>
public sealed record RfmTable(long Customers, IReadOnlyList<RfmCell> Cells)
{
    public RfmCell? Cell(int recency, int frequency) => Cells.FirstOrDefault(c => c.Recency == recency && c.Frequency == frequency);

    /// <returns>Null before the first computation of features, or when nobody ordered.</returns>
    internal static RfmTable? Read(DataLake lake, DuckDBConnection connection)
    {
        if (!File.Exists(lake.PathTo(CustomerFeatures.CurrentFile)))
            return null;
        var features = lake.SourceOf(CustomerFeatures.CurrentFile);
        var cells = connection.Query(
            string.Create(CultureInfo.InvariantCulture, $"""
            SELECT rfm_recency, rfm_frequency, count(*), coalesce(sum(x_monetary) / nullif(sum(sum(x_monetary)) OVER (), 0), 0)
            FROM ({RfmSql.Of(features)}) JOIN {features} USING (customer_id) GROUP BY 1, 2 ORDER BY 1 DESC, 2 DESC
            """),
            r => new RfmCell(r.GetInt32(0), r.GetInt32(1), r.GetInt64(2), r.GetDouble(3)));
        return cells.Count == 0 ? null : new RfmTable(cells.Sum(c => c.Customers), cells);
    }
}
