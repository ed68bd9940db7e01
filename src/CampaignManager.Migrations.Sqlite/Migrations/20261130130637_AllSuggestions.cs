using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CampaignManager.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AllSuggestions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Kind",
                table: "CampaignSuggestions",
                type: "TEXT",
                maxLength: 20,
                nullable: false,
                defaultValue: "");

            // What a move is about stands in its JSON: of those made before this it is read from there.
            foreach (var kind in (string[])["WidenScope", "NarrowScope", "DropSegment", "AddSegment", "ChangeOffer"])
            {
                migrationBuilder.Sql($$"""
                    UPDATE "CampaignSuggestions" SET "Kind" = '{{kind}}'
                    WHERE "MoveJson" LIKE '%"kind":"{{char.ToLowerInvariant(kind[0])}}{{kind[1..]}}"%';
                    """);
            }

            migrationBuilder.CreateTable(
                name: "SearchedCampaigns",
                columns: table => new
                {
                    CampaignId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CampaignVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    ModelId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Origin = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Candidates = table.Column<int>(type: "INTEGER", nullable: false),
                    Offered = table.Column<int>(type: "INTEGER", nullable: false),
                    NearestJson = table.Column<string>(type: "TEXT", nullable: true),
                    NearestDelta = table.Column<double>(type: "REAL", nullable: false),
                    DataNeeded = table.Column<double>(type: "REAL", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchedCampaigns", x => x.CampaignId);
                    table.ForeignKey(
                        name: "FK_SearchedCampaigns_Campaigns_CampaignId",
                        column: x => x.CampaignId,
                        principalTable: "Campaigns",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_CampaignSuggestions_State_Delta",
                table: "CampaignSuggestions",
                columns: new[] { "State", "Delta" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "SearchedCampaigns");

            migrationBuilder.DropIndex(
                name: "IX_CampaignSuggestions_State_Delta",
                table: "CampaignSuggestions");

            migrationBuilder.DropColumn(
                name: "Kind",
                table: "CampaignSuggestions");
        }
    }
}
