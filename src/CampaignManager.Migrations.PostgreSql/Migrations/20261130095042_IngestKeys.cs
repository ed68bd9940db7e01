using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CampaignManager.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class IngestKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ApiIds",
                table: "ShopSettings",
                type: "character varying(10)",
                maxLength: 10,
                nullable: false,
                defaultValue: "own");

            migrationBuilder.AddColumn<int>(
                name: "CallsPerMinute",
                table: "ApiKeys",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Origins",
                table: "ApiKeys",
                type: "character varying(6000)",
                maxLength: 6000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Publishable",
                table: "ApiKeys",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "TokenVersion",
                table: "ApiKeys",
                type: "integer",
                nullable: false,
                defaultValue: 1);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ApiIds",
                table: "ShopSettings");

            migrationBuilder.DropColumn(
                name: "CallsPerMinute",
                table: "ApiKeys");

            migrationBuilder.DropColumn(
                name: "Origins",
                table: "ApiKeys");

            migrationBuilder.DropColumn(
                name: "Publishable",
                table: "ApiKeys");

            migrationBuilder.DropColumn(
                name: "TokenVersion",
                table: "ApiKeys");
        }
    }
}
