using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Engine.Audiences;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Tests.Behaviour;

public sealed class RfmSqlTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(997)]
    public void Of_ManyTies_ScoresAsTheEngineDoes(int count)
    {
        var random = new Random(count);
        var customers = Enumerable.Range(0, count).Select(i => (Days: random.Next(400) / 3.0, Orders: 1 + (random.Next(100) / 40), Spent: random.Next(50) * 9.99)).ToList();
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        var rows = customers.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"({i}, {c.Days:R}::DOUBLE, {c.Orders}::DOUBLE, {c.Spent:R}::DOUBLE)"));
        command.CommandText = $"CREATE TABLE f AS SELECT * FROM (VALUES {string.Join(", ", rows)}, (-1, NULL, 0, 0)) t(customer_id, x_recency_days, x_orders, x_monetary)";
        command.ExecuteNonQuery();
        command.CommandText = RfmSql.Of("f") + " ORDER BY 1";
        using var reader = command.ExecuteReader();
        List<RfmScore> found = [];
        while (reader.Read())
            found.Add(new RfmScore(reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3)));

        var rfm = Rfm.Of(customers.Select(c => c.Days), customers.Select(c => (double)c.Orders), customers.Select(c => c.Spent));
        Assert.Equal(customers.Select(c => rfm.Score(c.Days, c.Orders, c.Spent)), found);
    }
}
